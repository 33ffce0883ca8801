namespace Cfx.Core.Generation.Improvement;

/// <summary>The values of a processed record's "status".</summary>
public static class ImprovementStatus
{
    /// <summary>The last answer is a new one.</summary>
    public const string Improved = "improved";

    /// <summary>The last answer is the old one, which the user liked.</summary>
    public const string Kept = "kept";

    /// <summary>The model had nothing better to offer: it declined, or repeated the disliked answer.</summary>
    public const string Declined = "declined";

    /// <summary>No reply could be had.</summary>
    public const string Failed = "failed";

    /// <summary>The token limit cut the reply off.</summary>
    public const string CutOff = "cut_off";

    /// <summary>The reply had no text.</summary>
    public const string Empty = "empty";

    /// <summary>The provider or model refused.</summary>
    public const string Refused = "refused";
}
