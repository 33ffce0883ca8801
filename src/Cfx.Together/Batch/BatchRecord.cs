using System.Text.Json;
using Cfx.Core;

namespace Cfx.Together.Batch;

/// <summary>What is known of one batch, kept on disk from before it exists.</summary>
public sealed record BatchRecord
{
    /// <summary>The calls are written down; nothing was bought.</summary>
    public const string Planned = "planned";

    /// <summary>The file is at the provider; a batch of it may exist.</summary>
    public const string Creating = "creating";

    /// <summary>The batch exists and its results are not all stored yet.</summary>
    public const string Created = "created";

    /// <summary>Every result is stored.</summary>
    public const string Collected = "collected";

    /// <summary>The batch or its list of calls is gone; nothing more can be had of it.</summary>
    public const string Lost = "lost";

    public int Version { get; init; } = 1;

    /// <summary>Names the batch, its files here and its file at the provider; holds the first digits of the fingerprint.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the calls' ids in order, 64 hexadecimal digits.</summary>
    public required string Fingerprint { get; init; }

    public required string State { get; init; }

    /// <summary>The server's identity, as in the response store.</summary>
    public required string Server { get; init; }

    public required string Study { get; init; }

    public required string Stage { get; init; }

    public required string Model { get; init; }

    /// <summary>Tells the model from an earlier one of the same name; null for one that stands for itself.</summary>
    public string? ModelIdentity { get; init; }

    public required int Requests { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The most it can cost, in US dollars; null when not known.</summary>
    public decimal? MostUsd { get; init; }

    public string? InputFileId { get; init; }

    /// <summary>The answers at the provider; null when there are none.</summary>
    public string? OutputFileId { get; init; }

    /// <summary>The failed calls at the provider; null when there are none.</summary>
    public string? ErrorFileId { get; init; }

    /// <summary>How often, over all runs, the batch had ended and named no file.</summary>
    public int EmptyLooks { get; init; }

    public string? BatchId { get; init; }

    /// <summary>The provider's last word on it.</summary>
    public string? Status { get; init; }

    /// <summary>When its calls were written down.</summary>
    public DateTimeOffset PlannedAt { get; init; }

    /// <summary>When the creating call was last sent.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>How many calls were answered, once collected.</summary>
    public int? Answered { get; init; }

    internal bool IsFinished => State is Collected or Lost;

    internal byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, BatchJson.Default.BatchRecord), (byte)'\n'];

    /// <exception cref="MisuseException">The file is not a record.</exception>
    internal static async Task<BatchRecord> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var record = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), BatchJson.Default.BatchRecord);
            return record is not { Version: 1 } ? throw new JsonException("it is of another version")
                : record.Name == Path.GetFileNameWithoutExtension(path) ? record
                : throw new JsonException($"it is the record of {record.Name}");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"'{path}' is not the record of a batch ({e.Message}). Mend it, or move it away; its batch is then looked for at the provider.", e);
        }
    }
}
