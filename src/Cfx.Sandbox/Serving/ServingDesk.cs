using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Jobs;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Serving;

/// <summary>Knows by which names models can be asked.</summary>
internal sealed class ServingDesk(SandboxOptions options, ServingStore store, ModelDirectory models, JobStore jobs)
{
    /// <summary>The account's project and its short name.</summary>
    public const string Project = "sandbox-project";
    public const string Slug = "sandbox";

    /// <summary>The project that owns the base models.</summary>
    public const string Catalog = "sandbox-catalog";

    public ServingWay Way => options.Serving;

    /// <summary>Where a name in a request leads.</summary>
    /// <exception cref="ApiException">400: the model has to be deployed first, or is not ready. 404: there is no such model.</exception>
    public ServedName Find(string name)
    {
        if (options.Serving == ServingWay.Name)
        {
            return new ServedName(name, IsDedicated: false);
        }

        if (FindServed(name) is { } served)
        {
            return served;
        }

        models.Describe(name);
        return options.ServerlessModels.Contains(name, StringComparer.Ordinal) ? new ServedName(name, IsDedicated: false) : throw NotReady(name);
    }

    /// <summary>Whether the account may serve a model of its own by an endpoint or a deployment.</summary>
    public bool IsDeployable(string model) =>
        options.Serving != ServingWay.Name && (models.FindBase(model) is { } info ? info.Limits is not null : jobs.FindModel(model) is not null);

    /// <summary>The id by which the second version names a base model.</summary>
    public static string BaseObjectId(string model) => "ml_" + ContentId.Hex(20, "base", model);

    /// <summary>The id by which the second version names a job's model.</summary>
    public static string ObjectId(string jobId) => "ml_" + ContentId.Hex(20, "model", jobId);

    /// <summary>A model by its resource; null when there is none that can be deployed.</summary>
    /// <param name="resource"><c>projects/{project}/models/{id}</c>, with or without a revision.</param>
    public string? FindByResource(string resource)
    {
        if (resource.Split('/') is not ["projects", var project, "models", var id, ..])
        {
            return null;
        }

        var found = project is Catalog
            ? models.Host.BaseModels.Select(model => model.Name).FirstOrDefault(name => string.Equals(BaseObjectId(name), id, StringComparison.Ordinal))
            : project is Project
                ? jobs.List(job => (Id: ObjectId(job.Id), job.OutputName)).FirstOrDefault(job => string.Equals(job.Id, id, StringComparison.Ordinal)).OutputName
                : null;
        return found is not null && IsDeployable(found) ? found : null;
    }

    private ServedName? FindServed(string name) => store.Read<ServedName?>(state =>
    {
        if (state.Endpoints.Find(item => !item.IsDeleted && string.Equals(item.Name, name, StringComparison.Ordinal)) is { } endpoint)
        {
            return Use(endpoint.Life, endpoint.Model) ?? throw NotReady(name);
        }

        if (name.Split('/') is not [Slug, var first, .. var rest]
            || state.RoutedEndpoints.Find(item => !item.IsDeleted && string.Equals(item.Name, first, StringComparison.Ordinal)) is not { } routed)
        {
            return null;
        }

        var own = state.Deployments.Where(item => !item.IsDeleted && string.Equals(item.EndpointId, routed.Id, StringComparison.Ordinal));
        if (rest is [var deployment])
        {
            // A deployment can be named by itself, past the split.
            return own.FirstOrDefault(item => string.Equals(item.Name, deployment, StringComparison.Ordinal)) is { } named
                ? Use(named.Life, named.Model) ?? throw NotReady(name)
                : null;
        }

        // The heaviest: a draw would make a call's answer depend on chance.
        return own.Where(item => routed.TrafficSplit.GetValueOrDefault(item.Id) > 0)
            .OrderByDescending(item => routed.TrafficSplit[item.Id])
            .Select(item => Use(item.Life, item.Model))
            .FirstOrDefault(used => used is not null) ?? throw NotReady(name);
    });

    private ServedName? Use(ServingLife life, string model)
    {
        if (store.Phase(life) != ServingPhase.Ready)
        {
            return null;
        }

        life.LastUsedAt = store.Now;
        return new ServedName(model, IsDedicated: true);
    }

    private static ApiException NotReady(string name) => new(
        400,
        $"Unable to access model {name}. It is not served: deploy it on a dedicated endpoint, and wait until that is ready.",
        param: "model",
        code: "model_not_available");
}
