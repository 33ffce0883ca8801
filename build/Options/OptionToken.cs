namespace Cfx.Build.Options;

/// <summary>One option as it stands on the command line, not yet understood.</summary>
/// <param name="Name">With its dashes, as typed.</param>
/// <param name="Value">What follows; null where nothing does.</param>
public sealed record OptionToken(string Name, string? Value)
{
    public bool IsLong => Name.StartsWith("--", StringComparison.Ordinal);

    /// <summary>Without its dashes.</summary>
    public string BareName => Name[(IsLong ? 2 : 1)..];
}
