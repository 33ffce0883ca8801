namespace Cfx.Together.Serving;

/// <summary>The leases of a project, durable.</summary>
public interface IServingRecords
{
    /// <summary>Every lease, by name.</summary>
    /// <exception cref="Core.StageFailedException">A file cannot be read.</exception>
    Task<IReadOnlyList<ServingRecord>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A lease; null when there is none.</summary>
    Task<ServingRecord?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps a lease; when it returns, a crash cannot lose it.</summary>
    Task WriteAsync(ServingRecord record, CancellationToken cancellationToken);

    /// <summary>Forgets a lease under which nothing was made.</summary>
    Task RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>A study's decision; null when there is none.</summary>
    /// <param name="key">Names study and server, safe in a file name.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<ServingDecision?> ReadDecisionAsync(string key, CancellationToken cancellationToken);

    Task WriteDecisionAsync(string key, ServingDecision decision, CancellationToken cancellationToken);
}
