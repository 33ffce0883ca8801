namespace Cfx.Sandbox.Jobs;

/// <summary>A job, as the state folder keeps it. Read and changed only through <see cref="JobStore"/>.</summary>
internal sealed class JobRecord
{
    public required string Id { get; init; }

    /// <summary>Its place in the order of creation.</summary>
    public required long Sequence { get; init; }

    public required JobSettings Settings { get; init; }

    public required string OutputName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public required string Status { get; set; }

    /// <summary>Lines and bytes of the training file.</summary>
    public int TrainingLines { get; init; }

    public long TrainingBytes { get; init; }

    public int Step { get; set; }

    /// <summary>0 until training has begun.</summary>
    public int TotalSteps { get; set; }

    public int EpochsCompleted { get; set; }

    public long ParameterCount { get; set; }

    /// <summary>What is billed elsewhere: epochs × training tokens + evaluations × validation tokens. 0 until training has begun.</summary>
    public long TokenCount { get; set; }

    /// <summary>The step whose training state is stored; null when none is.</summary>
    public int? SavedStep { get; set; }

    /// <summary>Dollars: what it will cost while it runs, what it was billed with afterwards.</summary>
    public decimal PriceUsd { get; set; }

    /// <summary>What goes wrong with it on purpose; null for nothing.</summary>
    public FaultKind? Fate { get; init; }

    public double? SecondsRemaining { get; set; }

    public List<JobEvent> Events { get; init; } = [];

    public List<JobMetric> Metrics { get; init; } = [];

    public List<JobCheckpoint> Checkpoints { get; init; } = [];

    /// <summary>Kept so that its id is never given again.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Whether it runs for ever, so that no worker need look at it.</summary>
    public bool IsHanging() => Fate == FaultKind.JobHangs && Status is JobWord.Running;

    /// <summary>Forgets what happened after the stored training state: it will happen again.</summary>
    public void Rewind()
    {
        var step = SavedStep ?? 0;
        Step = step;
        Metrics.RemoveAll(metric => metric.Step > step);
        Checkpoints.RemoveAll(checkpoint => checkpoint.Step > step || checkpoint.IsFinal);
        Events.RemoveAll(entry => entry.Step > step || entry.Type is "training_complete" or "model_compressing" or "model_uploading");
        EpochsCompleted = Events.Count(entry => entry.Type is "epoch_complete");
    }
}
