using Cfx.Core.Generation;
using Cfx.Together.Wire.Serving;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Serving;

/// <summary>Deployments of the v2 API: an endpoint with a name, a deployment below it, and the calls routed there.</summary>
internal sealed class DeploymentRoute(ServingClient client, ServingOptions options) : IServingRoute
{
    private const int LooksBeforeRemoval = 3;
    private readonly DeploymentCatalogue _catalogue = new(client, options);
    private string? _project;

    public ServingWay Way => ServingWay.Deployment;

    public async Task<ServingOffer> OfferAsync(string model, CancellationToken cancellationToken)
    {
        if (await FindProjectAsync(cancellationToken) is not { } project)
        {
            return ServingOffer.Refused("This server has no v2 deployments: it does not tell whose project the key belongs to.", isApiMissing: true);
        }

        try
        {
            await EndpointsAsync(project, isWhole: false, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
        {
            return ServingOffer.Refused("This server has no v2 deployments.", isApiMissing: true);
        }

        return await _catalogue.OfferAsync(project, model, cancellationToken);
    }

    public async Task<IReadOnlyList<RemoteServing>> FindAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        if (record is { EndpointId: not null, DeploymentId: not null } && await LookAsync(record, cancellationToken) is { } known)
        {
            return [known];
        }

        return [.. (await ListAsync(isWhole: true, cancellationToken)).Where(r => r.Name == record.Name).OrderBy(r => r.DeploymentId is null).ThenBy(r => r.Phase).ThenBy(r => r.CreatedAt)];
    }

    public Task<IReadOnlyList<RemoteServing>> ListAsync(CancellationToken cancellationToken) => ListAsync(isWhole: false, cancellationToken);

    private async Task<IReadOnlyList<RemoteServing>> ListAsync(bool isWhole, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(cancellationToken);
        var endpoints = await EndpointsAsync(project, isWhole, cancellationToken);
        var found = new List<RemoteServing>();
        foreach (var endpoint in endpoints.Where(e => e.EndpointType is null or "ENDPOINT_TYPE_DEDICATED"))
        {
            var deployments = await DeploymentsAsync(project, endpoint.Id!, isWhole, cancellationToken);
            found.AddRange(deployments.Select(d => Map(endpoint, d)).DefaultIfEmpty(Map(endpoint, null)));
        }

        return found;
    }

    public async Task<RemoteServing> CreateAsync(ServingRecord record, ServingOffer offer, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(cancellationToken);
        var path = $"/projects/{project}/endpoints";
        var endpoint = await EndpointAsync(project, record, cancellationToken) ?? await client.SendAsync(
            Way, new Call($"Creating an endpoint for '{record.Model}'", $"POST {path}") { MayRepeat = false },
            t => client.Deployments.CreateEndpointAsync(project, new RoutedEndpointRequest { Name = record.Name }, t),
            e => string.IsNullOrEmpty(e.Id) ? "it has no endpoint id" : null, cancellationToken);
        return Map(endpoint, await DeploymentsAsync(project, endpoint.Id!, isWhole: true, cancellationToken) is [var there, ..]
            ? there
            : await DeployAsync(project, endpoint.Id!, record, offer, cancellationToken));
    }

    public async Task<RemoteServing?> LookAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(cancellationToken);
        try
        {
            var deployment = await client.SendAsync(
                Way, Call(project, record, "Looking at", "GET"),
                t => client.Deployments.DeploymentAsync(project, record.EndpointId!, record.DeploymentId!, t),
                d => string.IsNullOrEmpty(d.Id) ? "it has no deployment id" : null, cancellationToken);
            return Map(new RoutedEndpoint { Id = record.EndpointId, Name = record.ServedName }, deployment) with { Name = record.Name };
        }
        catch (ProviderException e) when (ServingFaults.IsGone(e))
        {
            return null;
        }
    }

    public Task StartAsync(ServingRecord record, CancellationToken cancellationToken) => ChangeAsync(
        record, "Starting", new DeploymentPatch { Autoscaling = new Scaling { MinReplicas = 1, MaxReplicas = 1 } }, cancellationToken);

    public async Task OpenAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        // Without this a deployment that is ready gets no calls.
        var project = await ProjectAsync(cancellationToken);
        var patch = new TrafficPatch { TrafficSplit = [new TrafficShare { DeploymentId = record.DeploymentId!, Weight = 1 }] };
        await client.SendAsync(
            Way, new Call($"Sending calls for '{record.Model}' to its deployment", $"PATCH /projects/{project}/endpoints/{record.EndpointId}"),
            t => client.Deployments.RouteAsync(project, record.EndpointId!, patch, t), cancellationToken);
    }

    public async Task StopAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        var patch = new DeploymentPatch { Autoscaling = new Scaling { MinReplicas = 0, MaxReplicas = 0 } };
        var project = await ProjectAsync(cancellationToken);
        IEnumerable<string> ids = record.DeploymentId is { } id ? [id] : (await DeploymentsAsync(project, record.EndpointId!, isWhole: false, cancellationToken)).Select(d => d.Id!);
        foreach (var deployment in ids)
        {
            try
            {
                await ChangeAsync(record with { DeploymentId = deployment }, "Stopping", patch, cancellationToken);
            }
            catch (ProviderException e) when (ServingFaults.IsGone(e))
            {
            }
        }
    }

    public async Task RemoveAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(cancellationToken);
        if (record.DeploymentId is { } deployment)
        {
            // Only what has drained can be removed.
            for (var look = 1; look < LooksBeforeRemoval && await LookAsync(record, cancellationToken) is { Words: not "STOPPED" }; look++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), client.Time, cancellationToken);
            }

            await RemoveAsync(Call(project, record, "Removing", "DELETE"), t => client.Deployments.DeleteDeploymentAsync(project, record.EndpointId!, deployment, t), cancellationToken);
        }

        await RemoveAsync(
            new Call($"Removing the endpoint of '{record.Model}'", $"DELETE /projects/{project}/endpoints/{record.EndpointId}"),
            t => client.Deployments.DeleteEndpointAsync(project, record.EndpointId!, t), cancellationToken);
    }

    private async Task RemoveAsync(Call call, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(Way, call, send, cancellationToken);
        }
        catch (ProviderException e) when (ServingFaults.IsGone(e))
        {
        }
    }

    private static Call Call(string project, ServingRecord record, string what, string verb) => new(
        $"{what} the deployment of '{record.Model}'", $"{verb} /projects/{project}/endpoints/{record.EndpointId}/deployments/{record.DeploymentId}");

    private static RemoteServing Map(RoutedEndpoint endpoint, DeploymentObject? deployment)
    {
        var state = deployment?.Status?.State?.Replace("DEPLOYMENT_STATE_", "", StringComparison.OrdinalIgnoreCase).ToUpperInvariant();
        var phase = state switch
        {
            "READY" => ServingPhase.Ready,
            "DEGRADED" when deployment!.Status!.ReadyReplicas > 0 => ServingPhase.Ready,
            "STOPPED" or "STOPPING" => ServingPhase.Stopped,
            "FAILED" => ServingPhase.Failed,
            null when deployment is null => ServingPhase.Stopped,
            _ => ServingPhase.Starting,
        };
        var words = deployment is null ? "no deployment" : deployment.Status?.Message is { Length: > 0 } m && phase is ServingPhase.Failed ? $"{state}: {m}" : state ?? "no state told";
        return new RemoteServing(ServingWay.Deployment, endpoint.Id!, phase, words)
        {
            Name = endpoint.Name?.Split('/')[^1],
            ServedName = endpoint.Name,
            DeploymentId = deployment?.Id,
            Model = deployment?.Model,
            CreatedAt = WireTime.Read(deployment?.CreatedAt ?? endpoint.CreatedAt),
        };
    }

    private async Task<string> ProjectAsync(CancellationToken cancellationToken) => await FindProjectAsync(cancellationToken)
        ?? throw new ProviderException("The provider does not tell whose project the key belongs to (GET /whoami), and without it there are no v2 deployments. Use another --serving-way.", 404);

    private async Task<string?> FindProjectAsync(CancellationToken cancellationToken)
    {
        try
        {
            _project ??= (await client.SendAsync(
                ServingWay.Endpoint, new Call("Asking whose key it is", "GET /whoami"), t => client.Endpoints.WhoAmIAsync(t), null, cancellationToken)).ProjectId;
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
        {
            return null;
        }

        return string.IsNullOrEmpty(_project) ? null : _project;
    }

    private async Task<RoutedEndpoint?> EndpointAsync(string project, ServingRecord record, CancellationToken cancellationToken) =>
        (await EndpointsAsync(project, isWhole: true, cancellationToken)).FirstOrDefault(e => e.Name?.Split('/')[^1] == record.Name);

    private Task<IReadOnlyList<RoutedEndpoint>> EndpointsAsync(string project, bool isWhole, CancellationToken cancellationToken) => client.ListAsync(
        Way, new Call("Listing the v2 endpoints", $"GET /projects/{project}/endpoints"), (a, t) => client.Deployments.EndpointsAsync(project, a, t),
        DeploymentsJson.Default.RoutedEndpoint, e => string.IsNullOrEmpty(e.Id) ? "has no id" : string.IsNullOrEmpty(e.Name) ? "has no name" : null,
        isWhole, cancellationToken);

    private async Task<IReadOnlyList<DeploymentObject>> DeploymentsAsync(string project, string endpoint, bool isWhole, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ListAsync(
                Way, new Call($"Listing the deployments of endpoint {endpoint}", $"GET /projects/{project}/endpoints/{endpoint}/deployments"),
                (a, t) => client.Deployments.DeploymentsAsync(project, endpoint, a, t), DeploymentsJson.Default.DeploymentObject,
                d => string.IsNullOrEmpty(d.Id) ? "has no id" : null, isWhole, cancellationToken);
        }
        catch (ProviderException e) when (ServingFaults.IsGone(e))
        {
            return [];
        }
    }

    private async Task<DeploymentObject> DeployAsync(
        string project, string endpoint, ServingRecord record, ServingOffer offer, CancellationToken cancellationToken)
    {
        var body = new DeploymentRequest
        {
            Name = record.Name,
            Model = offer.ModelReference!,
            Config = offer.Config!,
            Autoscaling = new Scaling { MinReplicas = 1, MaxReplicas = 1, ScaleToZeroWindow = FormattableString.Invariant($"{options.IdleMinutes * 60}s") },
        };
        DeploymentObject made;
        try
        {
            made = await SendAsync(body);
        }
        catch (ProviderException e) when (e.StatusCode is 400 or 422 && e.Message.Contains("zero", StringComparison.OrdinalIgnoreCase))
        {
            // A server that knows the other of the two ways to stop when idle; what it refused was not made.
            made = await SendAsync(body with { Autoscaling = body.Autoscaling with { ScaleToZeroWindow = null }, InactiveTimeout = InactiveMinutes });
        }

        if (made is { Autoscaling.ScaleToZeroWindow: null, InactiveTimeout: null })
        {
            await TimeOutAsync(record with { EndpointId = endpoint, DeploymentId = made.Id }, cancellationToken);
        }

        return made;

        Task<DeploymentObject> SendAsync(DeploymentRequest request) => client.SendAsync(
            Way, new Call($"Deploying '{record.Model}'", $"POST /projects/{project}/endpoints/{endpoint}/deployments") { MayRepeat = false },
            t => client.Deployments.CreateDeploymentAsync(project, endpoint, request, t), d => string.IsNullOrEmpty(d.Id) ? "it has no deployment id" : null, cancellationToken);
    }

    private int InactiveMinutes => options.IdleMinutesOf(Way);

    private async Task TimeOutAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await ChangeAsync(record, "Timing", new DeploymentPatch { InactiveTimeout = InactiveMinutes }, cancellationToken);
        }
        catch (ProviderException e)
        {
            client.Logger.LogWarning("The provider does not say that {Name} stops by itself when idle ({Reason}); should this run be killed, run --target=Serving --stop-all", record.Name, e.Message);
        }
    }

    private async Task ChangeAsync(ServingRecord record, string what, DeploymentPatch patch, CancellationToken cancellationToken)
    {
        var project = await ProjectAsync(cancellationToken);
        await client.SendAsync(
            Way, Call(project, record, what, "PATCH"), t => client.Deployments.ChangeAsync(project, record.EndpointId!, record.DeploymentId!, patch, t), cancellationToken);
    }
}
