using Cfx.Core.Generation;
using Cfx.Together.Wire.Serving;

namespace Cfx.Together.Serving;

/// <summary>Dedicated endpoints of the v1 API.</summary>
internal sealed class EndpointRoute(ServingClient client, ServingOptions options) : IServingRoute
{
    private const string Path = "/endpoints";

    public ServingWay Way => ServingWay.Endpoint;

    public async Task<ServingOffer> OfferAsync(string model, CancellationToken cancellationToken)
    {
        IReadOnlyList<HardwareObject> all;
        try
        {
            all = await HardwareAsync(model, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
        {
            var isMissing = await IsMissingAsync(cancellationToken);
            return ServingOffer.Refused(
                isMissing ? "This server has no v1 endpoints." : $"The provider knows no hardware for a v1 endpoint of {model}.", isMissing);
        }
        catch (ProviderException e) when (ServingFaults.IsNoSuchModel(e))
        {
            return ServingOffer.Refused($"The provider offers no v1 endpoint for {model}: {e.Message}");
        }

        var known = all.Where(h => h.Id is not null && (options.Hardware is null || string.Equals(h.Id, options.Hardware, StringComparison.OrdinalIgnoreCase))).ToList();
        if (known.Count == 0)
        {
            return ServingOffer.Refused(options.Hardware is null || all.Count == 0
                ? $"The provider knows no hardware for a v1 endpoint of {model}."
                : $"A v1 endpoint of {model} does not run on {options.Hardware}; it runs on {string.Join(", ", all.Select(h => h.Id))}.");
        }

        var best = known
            .Where(h => h.Availability?.Status is null || h.Availability.Status.Equals("available", StringComparison.OrdinalIgnoreCase))
            .OrderBy(h => Price(h) ?? decimal.MaxValue)
            .ThenBy(h => h.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        return best is null
            ? ServingOffer.Refused($"No hardware for a v1 endpoint of {model} is free now ({string.Join(", ", known.Select(h => $"{h.Id}: {h.Availability?.Status}"))}); run again later.")
            : new ServingOffer { Hardware = best.Id, PricePerHour = options.PricePerHour(model, Price(best)) };
    }

    public async Task<IReadOnlyList<RemoteServing>> FindAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        if (record.EndpointId is not null && await LookAsync(record, cancellationToken) is { } known)
        {
            return [known];
        }

        return [.. (await ListAsync(isWhole: true, cancellationToken)).Where(r => r.Name == record.Name).OrderBy(r => r.Phase).ThenBy(r => r.CreatedAt)];
    }

    public Task<IReadOnlyList<RemoteServing>> ListAsync(CancellationToken cancellationToken) => ListAsync(isWhole: false, cancellationToken);

    private async Task<IReadOnlyList<RemoteServing>> ListAsync(bool isWhole, CancellationToken cancellationToken)
    {
        var listed = await client.ListAsync(
            Way, new Call("Listing the v1 endpoints", $"GET {Path}"), (_, t) => client.Endpoints.EndpointsAsync("dedicated", "true", t),
            EndpointsJson.Default.EndpointObject, e => string.IsNullOrEmpty(e.Id) ? "has no id" : null, isWhole, cancellationToken);
        var found = new List<RemoteServing>();
        foreach (var endpoint in listed.Where(e => e.Type is null or "dedicated"))
        {
            // Lists leave out the name that the maker gave, and without it what is ours is not known.
            var whole = endpoint.DisplayName is null ? await GetAsync(endpoint.Id!, cancellationToken) : endpoint;
            if (whole is not null)
            {
                found.Add(Map(whole));
            }
        }

        return found;
    }

    public async Task<RemoteServing> CreateAsync(ServingRecord record, ServingOffer offer, CancellationToken cancellationToken)
    {
        var body = new EndpointRequest
        {
            DisplayName = record.Name,
            Model = record.Model,
            Hardware = offer.Hardware!,
            Autoscaling = new Replicas { MinReplicas = 1, MaxReplicas = 1 },
            InactiveTimeout = options.IdleMinutes,
        };
        var call = new Call($"Creating an endpoint for '{record.Model}'", $"POST {Path}") { MayRepeat = false };
        return Map(await ExplainAsync(() => client.SendAsync(
            Way, call, t => client.Endpoints.CreateAsync(body, t), e => string.IsNullOrEmpty(e.Id) ? "it has no endpoint id" : null, cancellationToken)));
    }

    public async Task<RemoteServing?> LookAsync(ServingRecord record, CancellationToken cancellationToken) =>
        await GetAsync(record.EndpointId!, cancellationToken) is { } endpoint ? Map(endpoint) : null;

    public Task StartAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        var patch = new EndpointPatch { State = "STARTED", InactiveTimeout = options.IdleMinutes };
        return ExplainAsync(async () =>
        {
            await client.SendAsync(
                Way, Call(record, "Starting", "PATCH"), t => client.Endpoints.ChangeAsync(record.EndpointId!, patch, t), cancellationToken);
            return true;
        });
    }

    public Task OpenAsync(ServingRecord record, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        var patch = new EndpointPatch { State = "STOPPED" };
        try
        {
            await client.SendAsync(
                Way, Call(record, "Stopping", "PATCH"), t => client.Endpoints.ChangeAsync(record.EndpointId!, patch, t), cancellationToken);
        }
        catch (ProviderException e) when (ServingFaults.IsGone(e))
        {
        }
        catch (ProviderException)
        {
            // What cannot be stopped, such as while it starts, can be removed.
            await RemoveAsync(record, cancellationToken);
        }
    }

    public async Task RemoveAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(Way, Call(record, "Removing", "DELETE"), t => client.Endpoints.DeleteAsync(record.EndpointId!, t), cancellationToken);
        }
        catch (ProviderException e) when (ServingFaults.IsGone(e))
        {
        }
    }

    private static Call Call(ServingRecord record, string what, string verb) =>
        new($"{what} the endpoint of '{record.Model}'", $"{verb} {Path}/{record.EndpointId}");

    private static RemoteServing Map(EndpointObject e) => new(ServingWay.Endpoint, e.Id!, Phase(e.State), e.State ?? "no state told")
    {
        Name = e.DisplayName,
        ServedName = e.Name,
        Model = e.Model,
        Hardware = e.Hardware,
        CreatedAt = WireTime.Read(e.CreatedAt),
    };

    private static ServingPhase Phase(string? state) => state?.ToUpperInvariant() switch
    {
        "STARTED" => ServingPhase.Ready,
        "STOPPED" or "STOPPING" => ServingPhase.Stopped,
        "ERROR" or "FAILED" => ServingPhase.Failed,
        _ => ServingPhase.Starting,
    };

    private static decimal? Price(HardwareObject hardware) =>
        hardware.Pricing?.CentsPerMinute is > 0 and < 1e6 and var cents ? (decimal)cents * 60m / 100m : null;

    private static async Task<T> ExplainAsync<T>(Func<Task<T>> send)
    {
        try
        {
            return await send();
        }
        catch (ProviderException e) when (e.StatusCode == 403)
        {
            throw new ProviderException(
                $"{e.Message} The provider has closed v1 endpoints to most accounts (endpoints_v1_create_access_disabled): use --serving-way=v2, "
                + "or a base model whose tuned models answer by name.", 403);
        }
    }

    private async Task<bool> IsMissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await HardwareAsync(null, cancellationToken);
            return false;
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
        {
            return true;
        }
    }

    private Task<IReadOnlyList<HardwareObject>> HardwareAsync(string? model, CancellationToken cancellationToken) => client.ListAsync(
        Way, new Call(model is null ? "Listing the hardware" : $"Listing the hardware for '{model}'", "GET /hardware"),
        (_, t) => client.Endpoints.HardwareAsync(model, t), EndpointsJson.Default.HardwareObject, cancellationToken);

    private async Task<EndpointObject?> GetAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(
                Way, new Call($"Looking at endpoint {id}", $"GET {Path}/{id}"), t => client.Endpoints.EndpointAsync(id, t),
                e => string.IsNullOrEmpty(e.Id) ? "it has no endpoint id" : null, cancellationToken);
        }
        catch (ProviderException e) when (ServingFaults.IsGone(e))
        {
            return null;
        }
    }
}
