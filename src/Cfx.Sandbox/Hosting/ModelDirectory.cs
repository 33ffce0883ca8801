using System.Collections.Concurrent;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Jobs;

namespace Cfx.Sandbox.Hosting;

/// <summary>Finds models by the names used in requests and keeps the opened ones.</summary>
internal sealed class ModelDirectory(IModelHost host, JobStore jobs)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IServedModel>>> _open = new(StringComparer.Ordinal);

    public IModelHost Host => host;

    public ServedModelInfo? FindBase(string name) =>
        host.BaseModels.FirstOrDefault(model => string.Equals(model.Name, name, StringComparison.Ordinal));

    /// <summary>The base model's description, for a base or a tuned model's name.</summary>
    /// <exception cref="ApiException">404: no such model.</exception>
    public ServedModelInfo Describe(string name) =>
        FindBase(name)
        ?? (jobs.FindModel(name) is { } tuned ? FindBase(tuned.BaseModel) : null)
        ?? throw ApiException.ModelNotFound(name);

    /// <summary>What training can go on from: a finished job or its model, each also as <c>:step</c>; null when there is none such.</summary>
    public TunedModel? FindCheckpoint(string name) => jobs.FindModel(name) ?? jobs.FindModelOfJob(name);

    /// <exception cref="ApiException">404: no such model.</exception>
    public async Task<IServedModel> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var isBase = FindBase(name) is not null;
        var tuned = isBase ? null : jobs.FindModel(name) ?? throw ApiException.ModelNotFound(name);

        // Opening outlives the request that began it, since others wait for the same model.
        var key = tuned?.Path ?? name;
        var opening = _open.GetOrAdd(key, _ => new Lazy<Task<IServedModel>>(() => tuned is null
            ? Task.Run(() => host.OpenBaseAsync(name, CancellationToken.None))
            : Task.Run(() => host.OpenTunedAsync(tuned.BaseModel, tuned.Path, CancellationToken.None))));
        try
        {
            return await opening.Value.WaitAsync(cancellationToken);
        }
        catch when (opening.Value.IsFaulted)
        {
            _open.TryRemove(new KeyValuePair<string, Lazy<Task<IServedModel>>>(key, opening));
            throw;
        }
    }
}
