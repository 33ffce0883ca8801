namespace Cfx.Core.Training;

/// <summary>A file that a job trains or is scored on.</summary>
/// <param name="Name">The file's name without its folder.</param>
/// <param name="Sha256">Of its contents, lower-case hexadecimal.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Examples">Its lines.</param>
/// <param name="FileId">The provider's id, once uploaded.</param>
public sealed record JobFile(string Name, string Sha256, long Bytes, int Examples, string? FileId);
