namespace Cfx.Together.Store;

/// <summary>Where answers are kept, and within what bounds.</summary>
/// <param name="Path">The database file; created when missing, readable by its owner alone.</param>
public sealed record StoreOptions(string Path)
{
    /// <summary>The size that the file may grow to, in bytes; null for no limit but the disk's. Reaching it is treated like a full disk.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>How long to wait for another process that is writing.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often one request may end without a usable reply in one run, 1 or more; after that it fails without being sent.</summary>
    public int FailuresPerRun { get; init; } = 3;

    /// <summary>How often one request may end without a usable reply over all runs, 1 or more; after that it fails without being sent, until
    /// <see cref="StoreMaintenance.ForgetFailures"/>.</summary>
    public int FailuresInAll { get; init; } = 12;
}
