namespace Cfx.Sandbox.Batches;

/// <summary>A batch, as the state folder keeps it. Read and changed only through <see cref="BatchStore"/>.</summary>
internal sealed class BatchRecord
{
    public const string Validating = "VALIDATING";
    public const string InProgress = "IN_PROGRESS";
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";
    public const string Expired = "EXPIRED";
    public const string Cancelled = "CANCELLED";

    public required string Id { get; init; }

    /// <summary>Its place in the order of creation.</summary>
    public required long Sequence { get; init; }

    public required string InputFile { get; init; }

    public required long InputBytes { get; init; }

    public required string Endpoint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it should have ended.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>What will go wrong with it on purpose, as in fault scripts; null for nothing.</summary>
    public FaultKind? Fate { get; init; }

    public int? FateAmount { get; init; }

    public required string Status { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>The one model of its lines; null until they have been read.</summary>
    public string? Model { get; set; }

    /// <summary>Lines answered or failed so far, in percent.</summary>
    public double Progress { get; set; }

    public string? OutputFile { get; set; }

    public string? ErrorFile { get; set; }

    public string? Error { get; set; }

    /// <summary>Kept so that its id is never given again.</summary>
    public bool IsGone { get; set; }

    public bool IsOver() => Status is Completed or Failed or Expired or Cancelled;
}
