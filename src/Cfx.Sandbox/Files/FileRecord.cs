namespace Cfx.Sandbox.Files;

/// <summary>An uploaded file, as the state folder keeps it.</summary>
/// <param name="Sequence">Its place in the order of creation.</param>
/// <param name="Bytes">Its length; 0 until the content has come.</param>
/// <param name="ContentHash">SHA-256 of the content in lower-case hex; null until it has come.</param>
/// <param name="Status">The API's processing_status: PENDING until the content has come, then COMPLETED or INVALID_FORMAT.</param>
/// <param name="Error">What is wrong with the content; null for nothing.</param>
/// <param name="DatasetFormat">conversation, instruction, general or preference_openai; null when not checked.</param>
/// <param name="Lines">Lines of the content; null when not counted.</param>
/// <param name="IsDeleted">Kept so that its id is never given again.</param>
internal sealed record FileRecord(
    string Id,
    long Sequence,
    string FileName,
    string Purpose,
    string FileType,
    DateTimeOffset CreatedAt,
    long Bytes,
    string? ContentHash,
    string Status,
    string? Error,
    string? DatasetFormat,
    int? Lines,
    bool HasWeights,
    bool IsDeleted)
{
    public const string Pending = "PENDING";
    public const string Completed = "COMPLETED";
    public const string InvalidFormat = "INVALID_FORMAT";

    public const string ForTraining = "fine-tune";
    public const string ForBatches = "batch-api";
}
