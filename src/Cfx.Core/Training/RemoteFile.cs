namespace Cfx.Core.Training;

/// <summary>A file at a provider.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Name">The name it was sent under, without a folder; empty when not told.</param>
/// <param name="Purpose">fine-tune, batch-api or another word of the provider's; empty when not told.</param>
/// <param name="Bytes">Its size; null when not told.</param>
/// <param name="CreatedAt">When it was made; null when not told.</param>
public sealed record RemoteFile(string Id, string Name, string Purpose, long? Bytes, DateTimeOffset? CreatedAt);
