namespace Cfx.Core.Training;

/// <summary>Something that this project left at a provider.</summary>
/// <param name="Kind">file, job or model; a model belongs to the job before it and goes with it.</param>
/// <param name="Id">What the provider calls it.</param>
/// <param name="Name">The file's name, the job's suffix, or empty.</param>
/// <param name="State">The job's status, or the file's purpose.</param>
/// <param name="Bytes">A file's size; null when not told or for other kinds.</param>
/// <param name="CreatedAt">When it was made; null when not told.</param>
/// <param name="Claim">Why it may or may not be deleted.</param>
public sealed record RemoteItem(string Kind, string Id, string Name, string State, long? Bytes, DateTimeOffset? CreatedAt, RemoteClaim Claim);
