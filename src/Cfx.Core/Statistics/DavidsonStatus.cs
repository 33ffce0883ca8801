namespace Cfx.Core.Statistics;

/// <summary>Whether ratings exist.</summary>
public enum DavidsonStatus
{
    /// <summary>The likelihood has its maximum at finite ratings.</summary>
    Fitted,

    /// <summary>It has none: an arm that only wins, only ties, or no loss between two arms.</summary>
    NoFiniteMle,

    /// <summary>Some arms were compared, even indirectly, with no other: there is no common scale.</summary>
    Disconnected,
}
