using System.Globalization;
using Cfx.Core.Generation;
using Cfx.Together.Wire.Serving;

namespace Cfx.Together.Serving;

/// <summary>Finds what the v2 API calls a model, and the configs and hardware on which it runs.</summary>
internal sealed class DeploymentCatalogue(ServingClient client, ServingOptions options)
{
    private IReadOnlyList<InstanceType>? _instances;

    public async Task<ServingOffer> OfferAsync(string project, string model, CancellationToken cancellationToken)
    {
        List<Candidate> candidates;
        var (reference, isTuned, refusal) = await TunedAsync(project, model, cancellationToken);
        if (refusal is not null)
        {
            return ServingOffer.Refused(refusal);
        }

        if (isTuned)
        {
            candidates = await ConfigsAsync(project, reference!, cancellationToken);
        }
        else
        {
            candidates = await ProfilesAsync(model, cancellationToken);
            if (candidates.Count == 0 && await OwnModelAsync(project, model, cancellationToken) is { } own)
            {
                candidates = await ConfigsAsync(project, own, cancellationToken);
                reference = own;
            }

            if (candidates.Count == 0 && reference is null)
            {
                return ServingOffer.Refused($"The v2 API lists no model '{model}' that can be deployed.");
            }
        }

        if (candidates.Count == 0)
        {
            return ServingOffer.Refused($"The v2 API has no config for {model} ({reference}): its architecture cannot be deployed.");
        }

        var fitting = candidates.Where(c => options.Hardware is null || string.Equals(c.Hardware, options.Hardware, StringComparison.OrdinalIgnoreCase)).ToList();
        if (fitting.Count == 0)
        {
            return ServingOffer.Refused($"A v2 deployment of {model} does not run on {options.Hardware}; it runs on {string.Join(", ", candidates.Select(c => c.Hardware))}.");
        }

        // Weights with fewer bits answer a little worse: a base served so beside a tuned model that is not would be handicapped.
        var best = fitting.OrderBy(c => c.IsQuantized).ThenBy(c => c.PricePerHour ?? decimal.MaxValue).ThenBy(c => c.Gpus).ThenBy(c => c.Config, StringComparer.Ordinal).First();
        return new ServingOffer { Hardware = best.Hardware, PricePerHour = options.PricePerHour(model, best.PricePerHour), ModelReference = best.Model, Config = best.Config };
    }

    private async Task<(string? Reference, bool IsTuned, string? Refusal)> TunedAsync(string project, string model, CancellationToken cancellationToken)
    {
        IReadOnlyList<TunedModelJob> jobs;
        try
        {
            jobs = await client.ListAsync(
                ServingWay.Endpoint, new Call("Listing the fine-tuning jobs", "GET /fine-tunes"), (_, t) => client.Endpoints.JobsAsync(t),
                EndpointsJson.Default.TunedModelJob, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
        {
            return (null, false, null);
        }

        var job = jobs
            .Where(j => j.Id is not null && string.Equals(j.Status, "completed", StringComparison.OrdinalIgnoreCase) && Names(j).Contains(model, StringComparer.Ordinal))
            .OrderByDescending(j => WireTime.Read(j.CreatedAt) ?? DateTimeOffset.MinValue)
            .FirstOrDefault();
        if (job is null)
        {
            return (null, false, null);
        }

        if (string.IsNullOrEmpty(job.ModelObjectId))
        {
            job = await client.SendAsync(
                ServingWay.Endpoint, new Call($"Reading job {job.Id}", $"GET /fine-tunes/{job.Id}"), t => client.Endpoints.JobAsync(job.Id!, t), null, cancellationToken);
        }

        var id = string.IsNullOrEmpty(job.ModelObjectId) ? job.AdapterObjectId : job.ModelObjectId;
        return string.IsNullOrEmpty(id)
            ? (null, true, $"Job {job.Id} tells no model_object_id for {model}, without which it cannot be deployed by the v2 API.")
            : (Resource(project, "models", id), true, null);
    }

    private async Task<List<Candidate>> ProfilesAsync(string model, CancellationToken cancellationToken)
    {
        var catalogue = await OptionalAsync("Listing the models that can be deployed", "/supported-models", (a, t) => client.Deployments.CatalogueAsync(a, t), DeploymentsJson.Default.DeployableModel, cancellationToken);
        var candidates = new List<Candidate>();
        foreach (var profile in catalogue.Where(m => Means(m.Name, model)).SelectMany(m => m.DeploymentProfiles ?? []))
        {
            if (profile is { Model.Length: > 0, Config.Length: > 0 })
            {
                var gpus = (int)(profile.GpuCount ?? 1);
                var (hardware, price) = await HardwareAsync(profile.GpuType, gpus, cancellationToken);
                var isQuantized = profile.Quantization is { Length: > 0 } q && q.ToUpperInvariant() is not ("BF16" or "FP16" or "NONE");
                candidates.Add(new Candidate(profile.Model, profile.Config, hardware, gpus, price, isQuantized));
            }
        }

        return candidates;
    }

    private async Task<string?> OwnModelAsync(string project, string model, CancellationToken cancellationToken)
    {
        var models = await OptionalAsync("Listing the project's models", $"/projects/{project}/models", (a, t) => client.Deployments.ModelsAsync(project, a, t), DeploymentsJson.Default.DeployableModel, cancellationToken);
        return models.FirstOrDefault(m => Means(m.Name, model)) is { Id: { Length: > 0 } id } own ? Resource(own.ProjectId ?? project, "models", id) : null;
    }

    private async Task<List<Candidate>> ConfigsAsync(string project, string reference, CancellationToken cancellationToken)
    {
        var configs = await OptionalAsync($"Listing the configs of {reference}", $"/projects/{project}/configs", (a, t) => client.Deployments.ConfigsAsync(project, reference, a, t), DeploymentsJson.Default.DeploymentConfig, cancellationToken);
        var candidates = new List<Candidate>();
        foreach (var config in configs.Where(c => !string.IsNullOrEmpty(c.Id)))
        {
            var gpus = int.TryParse(Selector(config, "accelerator_count", "gpu_count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;
            var (hardware, price) = await HardwareAsync(
                Selector(config, "accelerator_type", "gpu_type"), gpus, cancellationToken, Selector(config, "instance_type"));
            candidates.Add(new Candidate(reference, Resource(config.ProjectId ?? project, "configs", config.Id!), hardware, gpus, price, IsQuantized: false));
        }

        return candidates;
    }

    private async Task<(string? Name, decimal? PricePerHour)> HardwareAsync(
        string? type, int gpus, CancellationToken cancellationToken, string? instance = null)
    {
        if (string.IsNullOrEmpty(type))
        {
            return (null, null);
        }

        _instances ??= await OptionalAsync("Listing the hardware", "/public/inference-instance-types", (_, t) => client.Deployments.InstanceTypesAsync(t), DeploymentsJson.Default.InstanceType, cancellationToken);
        var name = instance ?? string.Create(CultureInfo.InvariantCulture, $"{gpus}x{type}");
        var matches = _instances.Where(i => string.Equals(i.Id, name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (matches.Count == 0)
        {
            matches = [.. _instances.Where(i => (int?)i.GpuCount == gpus && i.GpuType is { Length: > 0 } gpu && type.Contains(gpu, StringComparison.OrdinalIgnoreCase))];
        }

        // Where several fit, the dearest: a budget must not be passed by a wrong guess.
        var cents = matches.Max(i => i.PriceCentsPerHour);
        return (name, cents is > 0 and < 1e8 ? (decimal)cents / 100m : null);
    }

    private async Task<IReadOnlyList<T>> OptionalAsync<T>(
        string what, string path, Func<string?, CancellationToken, Task<RestEase.Response<System.Text.Json.JsonElement>>> send,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await client.ListAsync(ServingWay.Deployment, new Call(what, $"GET {path}"), send, type, cancellationToken);
        }
        catch (ProviderException e) when (ServingFaults.IsNoSuchModel(e))
        {
            return [];
        }
    }

    private static string?[] Names(TunedModelJob job) => [job.ModelOutputName, job.OutputName, job.XModelOutputName, job.AdapterOutputName];

    private static bool Means(string? name, string model) => name is not null
        && (string.Equals(name, model, StringComparison.OrdinalIgnoreCase) || name.EndsWith("/" + model, StringComparison.OrdinalIgnoreCase));

    private static string? Selector(DeploymentConfig config, params string[] keys) =>
        config.Selectors?.FirstOrDefault(s => keys.Contains(s.Key, StringComparer.OrdinalIgnoreCase))?.Value;

    private static string Resource(string project, string kind, string id) =>
        id.StartsWith("projects/", StringComparison.Ordinal) ? id : $"projects/{project}/{kind}/{id}";

    private sealed record Candidate(string Model, string Config, string? Hardware, int Gpus, decimal? PricePerHour, bool IsQuantized);
}
