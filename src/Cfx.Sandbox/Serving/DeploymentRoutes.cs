using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Serving;

/// <summary>The second version's deployments: models on machines, below an endpoint.</summary>
internal sealed class DeploymentRoutes(ServingStore store, ServingDesk desk, PriceList prices)
{
    public const string Template = "/projects/{project}/endpoints/{endpoint}/deployments/{id}";
    private const string ListTemplate = "/projects/{project}/endpoints/{endpoint}/deployments";
    private const int MaximumReplicas = 16;
    private const int ShortestTimeout = 30;
    private const int LongestTimeout = 1_440;

    public IEnumerable<Route> All() => desk.Way != ServingWay.V2 ? [] :
    [
        new("GET", ListTemplate, List) { IsSecond = true },
        new("POST", ListTemplate, Create) { IsSecond = true },
        new("GET", Template, Retrieve) { IsSecond = true },
        new("PATCH", Template, Update) { IsSecond = true },
        new("DELETE", Template, Delete) { IsSecond = true },
    ];

    /// <summary>The short form that stands in an endpoint.</summary>
    public static JsonObject Summary(ServingStore store, RoutedEndpointRecord endpoint, DeploymentRecord deployment) => new()
    {
        ["id"] = deployment.Id,
        ["name"] = $"{ServingDesk.Slug}/{endpoint.Name}/{deployment.Name}",
        ["model"] = deployment.ModelResource,
        ["modelId"] = deployment.ModelResource.Split('/')[3],
        ["state"] = StateOf(store.Phase(deployment.Life)),
        ["trafficMode"] = "TRAFFIC_MODE_LIVE",
        ["estimatedEffectiveTrafficShare"] = Share(endpoint, deployment),
        ["hardware"] = deployment.Hardware,
        ["desiredReplicas"] = deployment.MinReplicas,
        ["readyReplicas"] = Ready(store, deployment),
        ["autoscaling"] = Autoscaling(deployment),
        ["createdAt"] = Wire.Time(deployment.CreatedAt),
    };

    private static Task<Reply> Answer(JsonObject body) => Task.FromResult(Reply.Json(body));

    private static (RoutedEndpointRecord Endpoint, DeploymentRecord Deployment) Find(ServingState state, ApiCall call)
    {
        var endpoint = RoutedEndpointRoutes.Get(state, call.Ids[0], call.Ids[1]);
        var found = state.Deployments.Find(item =>
            !item.IsDeleted && string.Equals(item.Id, call.Id, StringComparison.Ordinal) && string.Equals(item.EndpointId, endpoint.Id, StringComparison.Ordinal));
        return (endpoint, found ?? throw ApiException.NotFound("deployment", call.Id));
    }

    private Task<Reply> List(ApiCall call) => Task.FromResult(Pages.Of(call, store.Read(state =>
    {
        var endpoint = RoutedEndpointRoutes.Get(state, call.Ids[0], call.Ids[1]);
        return state.Deployments.Where(item => !item.IsDeleted && string.Equals(item.EndpointId, endpoint.Id, StringComparison.Ordinal))
            .Select(item => Describe(endpoint, item)).ToList();
    })));

    private Task<Reply> Retrieve(ApiCall call) => Answer(store.Read(state =>
    {
        var (endpoint, deployment) = Find(state, call);
        return Describe(endpoint, deployment);
    }));

    private Task<Reply> Create(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        var name = RoutedEndpointRoutes.BareName(body);
        var resource = body.RequiredText("model");
        call.Model = resource;
        var model = desk.FindByResource(resource) ?? throw ApiException.BadField("model", $"'{resource}' is no model that can be deployed here.");
        var config = body.RequiredText("config");
        var hardware = Hardware.All.FirstOrDefault(item =>
                item.IsAvailable && string.Equals(config, $"projects/{ServingDesk.Catalog}/configs/{CatalogRoutes.ConfigId(item)}", StringComparison.Ordinal))
            ?? throw ApiException.BadField("config", $"'{config}' is no configuration of this model.");
        var scaling = body.Section("autoscaling") ?? throw ApiException.Missing("autoscaling");
        return Answer(store.Change((state, now) =>
        {
            var endpoint = RoutedEndpointRoutes.Get(state, call.Ids[0], call.Ids[1]);
            if (state.Deployments.Exists(item => !item.IsDeleted && string.Equals(item.EndpointId, endpoint.Id, StringComparison.Ordinal) && string.Equals(item.Name, name, StringComparison.Ordinal)))
            {
                throw new ApiException(409, $"The endpoint has a deployment '{name}' already.", code: "already_exists");
            }

            var ordinal = state.Deployments.Count(item => string.Equals(item.EndpointId, endpoint.Id, StringComparison.Ordinal));
            var deployment = new DeploymentRecord
            {
                Id = "dep_" + ContentId.Hex(20, "deployment", endpoint.Id, name, ordinal.ToString(CultureInfo.InvariantCulture)),
                EndpointId = endpoint.Id,
                Name = name,
                Model = model,
                ModelResource = resource.Contains("/revisions/", StringComparison.Ordinal) ? resource : $"{resource}/revisions/mr_{ContentId.Hex(12, model)}",
                Config = config,
                Hardware = hardware.Id,
                EnableLora = body.Flag("enableLora") ?? false,
                CreatedAt = now,
                UpdatedAt = now,
                Life = { CentsPerMinute = prices.CentsPerMinute(hardware) },
            };
            Scale(deployment, scaling);
            Time(deployment, body, scaling);
            state.Deployments.Add(deployment);
            Run(deployment);
            return Describe(endpoint, deployment);
        }));
    }

    private Task<Reply> Update(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        return Answer(store.Change((state, now) =>
        {
            var (endpoint, deployment) = Find(state, call);
            call.Model = deployment.Model;
            RoutedEndpointRoutes.RequireSame(body.Text("etag"), EtagOf(deployment));
            var scaling = body.Section("autoscaling");
            if (scaling is { } given)
            {
                Scale(deployment, given);
            }

            Time(deployment, body, scaling);
            deployment.UpdatedAt = now;
            deployment.Revision++;
            if (scaling is not null)
            {
                Run(deployment);
            }

            return Describe(endpoint, deployment);
        }));
    }

    private Task<Reply> Delete(ApiCall call) => Answer(store.Change((state, _) =>
    {
        var (endpoint, deployment) = Find(state, call);
        call.Model = deployment.Model;
        RoutedEndpointRoutes.RequireSame(call.Query("etag"), EtagOf(deployment));
        if (endpoint.TrafficSplit.GetValueOrDefault(deployment.Id) > 0)
        {
            throw new ApiException(400, "The deployment has traffic: take it out of the endpoint's split first.", code: "failed_precondition");
        }

        store.Stop(deployment.Life, Template, ServingStore.PathOf(deployment), deployment.Model);
        deployment.IsDeleted = true;
        return new JsonObject();
    }));

    private void Run(DeploymentRecord deployment)
    {
        if (deployment.MinReplicas == 0)
        {
            store.Stop(deployment.Life, Template, ServingStore.PathOf(deployment), deployment.Model);
        }
        else
        {
            deployment.Life.Replicas = deployment.MinReplicas;
            store.Start(deployment.Life, Template, ServingStore.PathOf(deployment), deployment.Model);
        }
    }

    private static void Scale(DeploymentRecord deployment, JsonElement scaling)
    {
        var minimum = (int?)scaling.Integer("minReplicas", 0, MaximumReplicas) ?? deployment.MinReplicas;
        var maximum = (int?)scaling.Integer("maxReplicas", 0, MaximumReplicas) ?? Math.Max(minimum, deployment.MaxReplicas);
        if (maximum < minimum || (minimum == 0 && maximum > 0))
        {
            throw ApiException.BadField("autoscaling", "'maxReplicas' must be at least 'minReplicas', and 'minReplicas' may be 0 only where both are.");
        }

        (deployment.MinReplicas, deployment.MaxReplicas) = (minimum, maximum);
    }

    private static void Time(DeploymentRecord deployment, JsonElement body, JsonElement? scaling)
    {
        if (body.Integer("inactiveTimeout", 0, LongestTimeout) is { } minutes)
        {
            deployment.InactiveTimeout = minutes is 0 or >= ShortestTimeout
                ? minutes
                : throw ApiException.BadField("inactiveTimeout", $"The field 'inactiveTimeout' must be 0 or {ShortestTimeout} to {LongestTimeout} minutes.");
        }

        var window = scaling?.Text("scaleToZeroWindow");
        deployment.ScaleToZeroWindow = window ?? deployment.ScaleToZeroWindow;
        var idle = deployment.ScaleToZeroWindow is { Length: > 0 } text ? Minutes(text) : double.PositiveInfinity;
        idle = Math.Min(idle, deployment.InactiveTimeout is > 0 and var limit ? limit : double.PositiveInfinity);
        deployment.Life.IdleMinutes = double.IsPositiveInfinity(idle) ? null : idle;
    }

    private static double Minutes(string window)
    {
        var unit = window[^1] switch { 's' => 1 / 60.0, 'm' => 1, 'h' => 60, _ => 0 };
        return unit > 0 && double.TryParse(window.AsSpan(0, window.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number * unit
            : throw ApiException.BadField("autoscaling.scaleToZeroWindow", "The field 'scaleToZeroWindow' must be a time such as 30m.");
    }

    private static string StateOf(ServingPhase phase) => "DEPLOYMENT_STATE_" + phase switch
    {
        ServingPhase.Pending => "PROVISIONING",
        ServingPhase.Starting => "SCALING",
        ServingPhase.Ready => "READY",
        ServingPhase.Stopping => "STOPPING",
        _ => "STOPPED",
    };

    private static double Share(RoutedEndpointRecord endpoint, DeploymentRecord deployment) =>
        endpoint.TrafficSplit.Values.Sum() is > 0 and var all ? endpoint.TrafficSplit.GetValueOrDefault(deployment.Id) / all : 0;

    private static int Ready(ServingStore store, DeploymentRecord deployment) => store.Phase(deployment.Life) == ServingPhase.Ready ? deployment.MinReplicas : 0;

    private static string EtagOf(DeploymentRecord deployment) => ContentId.Hex(12, deployment.Id, deployment.Revision.ToString(CultureInfo.InvariantCulture));

    private static JsonObject Autoscaling(DeploymentRecord deployment)
    {
        var scaling = new JsonObject { ["minReplicas"] = deployment.MinReplicas, ["maxReplicas"] = deployment.MaxReplicas };
        if (deployment.ScaleToZeroWindow is { } window)
        {
            scaling["scaleToZeroWindow"] = window;
        }

        return scaling;
    }

    private JsonObject Describe(RoutedEndpointRecord endpoint, DeploymentRecord deployment)
    {
        var described = Summary(store, endpoint, deployment);
        described.Remove("state");
        described.Remove("readyReplicas");
        described["endpointId"] = endpoint.Id;
        described["projectId"] = ServingDesk.Project;
        described["modelRevisionId"] = deployment.ModelResource.Split('/')[^1];
        described["config"] = deployment.Config;
        described["configId"] = deployment.Config.Split('/')[^1];
        described["enableLora"] = deployment.EnableLora;
        described["inactiveTimeout"] = deployment.InactiveTimeout ?? 0;
        described["etag"] = EtagOf(deployment);
        described["updatedAt"] = Wire.Time(deployment.UpdatedAt);
        var ready = Ready(store, deployment);
        described["status"] = new JsonObject
        {
            ["state"] = StateOf(store.Phase(deployment.Life)),
            ["message"] = ready > 0 ? "Serving." : string.Empty,
            ["readyReplicas"] = ready,
            ["scheduledReplicas"] = deployment.Life.IsRunning ? deployment.MinReplicas : 0,
        };
        return described;
    }
}
