using Cfx.Core;

namespace Cfx.Together.Batch;

/// <summary>How batches are made and followed.</summary>
/// <param name="Folder">Holds the records and, while a batch is under way, its calls; readable by its owner alone.</param>
public sealed record BatchOptions(string Folder)
{
    public BatchMode Mode { get; init; } = BatchMode.Batch;

    /// <summary>The most calls in one file.</summary>
    public int MaxRequests { get; init; } = 50_000;

    /// <summary>The largest file, in bytes.</summary>
    public long MaxBytes { get; init; } = 100_000_000;

    /// <summary>With <see cref="BatchMode.Auto"/>, fewer calls to one model than this go one by one.</summary>
    public int AutoThreshold { get; init; } = 200;

    /// <summary>How often calls that got no usable reply are sent by batch again in one run, 0 or more; what is then left goes one by one.</summary>
    public int Resends { get; init; } = 1;

    /// <summary>Time between two looks at a batch.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a run follows batches before it leaves them to a later one; null for as long as it takes.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Whether to follow batches to their end; otherwise the run leaves once all are created.</summary>
    public bool Wait { get; init; } = true;

    /// <summary>How long after an unclear creation a batch may take to appear in the provider's list.</summary>
    public TimeSpan LostReplyWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Stands around every durable write of a record, given the state that is written; a test ends the run there.</summary>
    public Func<string, Func<Task>, Task> Writing { get; init; } = static (_, write) => write();

    /// <exception cref="MisuseException">A value is out of range.</exception>
    public void Validate()
    {
        if (MaxRequests < 1 || MaxBytes < 1 || AutoThreshold < 1 || Resends < 0 || CheckInterval <= TimeSpan.Zero || LostReplyWindow < TimeSpan.Zero)
        {
            throw new MisuseException(
                "Batches: the numbers of calls and bytes a file, the threshold and the check interval must be above 0, resends and the window 0 or more.");
        }
    }
}
