using Cfx.Core.Training;

namespace Cfx.Together;

/// <summary>The account's files, as a study sees them.</summary>
public sealed class TogetherRemoteFiles(TogetherFiles files) : IRemoteFiles
{
    public async Task<IReadOnlyList<RemoteFile>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await files.ListReadableAsync(cancellationToken))
            .Select(f => new RemoteFile(
                f.Id!,
                // One client sends whole paths.
                f.Filename is { } name ? name[(name.LastIndexOfAny(['/', '\\']) + 1)..] : string.Empty,
                f.Purpose ?? string.Empty,
                f.Bytes is >= 0 and < 1e15 and var bytes ? (long)bytes : null,
                f.CreatedAt is > 0 and < 1e11 and var seconds ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null)),
    ];

    public Task DeleteAsync(string id, CancellationToken cancellationToken) => files.DeleteAsync(id, cancellationToken);
}
