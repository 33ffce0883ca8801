namespace Cfx.Core.Training;

/// <summary>The files that an account has at a provider.</summary>
public interface IRemoteFiles
{
    /// <summary>Every file of the account.</summary>
    Task<IReadOnlyList<RemoteFile>> ListAsync(CancellationToken cancellationToken);

    /// <exception cref="Generation.ProviderException">The provider could not be reached or refused.</exception>
    Task DeleteAsync(string id, CancellationToken cancellationToken);
}
