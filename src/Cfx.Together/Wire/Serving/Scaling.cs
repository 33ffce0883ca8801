namespace Cfx.Together.Wire.Serving;

/// <summary>Bounds of the number of copies of a deployed model; both 0 stops it.</summary>
public sealed record Scaling
{
    public int? MinReplicas { get; init; }

    public int? MaxReplicas { get; init; }

    /// <summary>Time without a call after which the deployment stops, such as 900s.</summary>
    public string? ScaleToZeroWindow { get; init; }
}
