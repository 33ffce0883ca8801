namespace Cfx.Core.Statistics.Calibration;

/// <summary>How much to simulate. Everything but <see cref="Threads"/> decides the result, which is the same on any number of threads.</summary>
public sealed record CalibrationOptions
{
    public ulong Seed { get; init; } = 20_240_601;

    /// <summary>Studies in each cell, at least 1.</summary>
    public int Studies { get; init; } = 20_000;

    /// <summary>How many of these also run the bootstraps, which take five times as long as all else: by default every one.</summary>
    public int BootstrapStudies { get; init; } = int.MaxValue;

    /// <summary>Resamples in each of those, at least 40. A report takes more; the simulated intervals are taken at the level at which so few
    /// have ends as far out as the report's have.</summary>
    public int BootstrapReplicates { get; init; } = 199;

    /// <summary>How many of the studies write every judge text out anew, numbered, and parse each; in the others every different text was
    /// parsed once when its cell began.</summary>
    public int FreshStudies { get; init; } = 200;

    /// <summary>Conversations in a study.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [200, 1_000];

    /// <summary>How often the judge holds equal answers equal, 0 to below 1.</summary>
    public IReadOnlyList<double> TieRates { get; init; } = [0, 0.1, 0.4];

    /// <summary>At least 1.</summary>
    public int Threads { get; init; } = 2;
}
