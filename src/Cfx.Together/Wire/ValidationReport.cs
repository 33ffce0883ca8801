namespace Cfx.Together.Wire;

/// <summary>What the provider found in a file.</summary>
public sealed record ValidationReport
{
    public bool? Valid { get; init; }

    public string? Error { get; init; }

    public string? ErrorType { get; init; }
}
