using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Serving;

/// <summary>The routes /endpoints and /hardware of the first version.</summary>
internal sealed class ServingRoutes(ServingStore store, ServingDesk desk, ModelDirectory models, PriceList prices, TimeProvider time)
{
    public const string Template = "/endpoints/{id}";
    private const int MaximumReplicas = 16;

    public IEnumerable<Route> All() =>
    [
        new("GET", "/hardware", ListHardware),
        new("GET", "/endpoints", List),
        new("POST", "/endpoints", Create),
        new("GET", Template, call => Task.FromResult(Reply.Json(store.Read(state => Full(Get(state, call.Id)))))),
        new("PATCH", Template, Update),
        new("DELETE", Template, Delete),
    ];

    private Task<Reply> ListHardware(ApiCall call)
    {
        var model = call.Query("model");
        if (model is not null)
        {
            models.Describe(model);
        }

        return Task.FromResult(Reply.Json(ListOf(Hardware.All.Select(item =>
        {
            var described = new JsonObject
            {
                ["object"] = "hardware",
                ["id"] = item.Id,
                ["pricing"] = new JsonObject { ["cents_per_minute"] = prices.CentsPerMinute(item) },
                ["specs"] = new JsonObject
                {
                    ["gpu_type"] = item.GpuType,
                    ["gpu_link"] = item.Id.Split('_')[^1],
                    ["gpu_memory"] = item.GpuMemory,
                    ["gpu_count"] = item.GpuCount,
                },
                ["updated_at"] = Wire.Time(time.GetUtcNow()),
            };
            if (model is not null)
            {
                described["availability"] = new JsonObject { ["status"] = item.IsAvailable ? "available" : "unavailable" };
            }

            return described;
        }))));
    }

    private Task<Reply> List(ApiCall call)
    {
        // All of them are the caller's own, dedicated and by the hour.
        var none = call.Query("type") is "serverless" || call.Query("usage_type") is "reserved" || call.Query("mine") is "false";
        return Task.FromResult(Reply.Json(store.Read(state => ListOf(none ? [] : state.Endpoints.Where(item => !item.IsDeleted).Select(Short)))));
    }

    private Task<Reply> Create(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        var model = call.Model = body.RequiredText("model");
        RequireAccess();
        models.Describe(model);
        if (!desk.IsDeployable(model))
        {
            throw ApiException.BadField("model", $"The model '{model}' cannot be served on a dedicated endpoint.");
        }

        var hardware = Hardware.Find(body.RequiredText("hardware")) ?? throw ApiException.BadField("hardware", "There is no such hardware: GET /v1/hardware lists it.");
        if (!hardware.IsAvailable)
        {
            throw ApiException.BadField("hardware", $"No {hardware.Id} is available now.");
        }

        var (minimum, maximum) = Autoscaling(body) ?? throw ApiException.Missing("autoscaling");
        var starts = StateOf(body) is not "STOPPED";
        var idle = IdleMinutes(body);
        return Task.FromResult(Reply.Json(store.Change((state, now) =>
        {
            var ordinal = state.Endpoints.Count(item => string.Equals(item.Model, model, StringComparison.Ordinal));
            var hash = ContentId.Hex(32, "endpoint", model, ordinal.ToString(CultureInfo.InvariantCulture));
            var endpoint = new EndpointRecord
            {
                Id = "endpoint-" + Guid.Parse(hash),
                Name = $"sandbox-user/{model}-{hash[..8]}",
                DisplayName = body.Text("display_name") ?? model,
                Model = model,
                Hardware = hardware.Id,
                MinReplicas = minimum,
                MaxReplicas = maximum,
                CreatedAt = now,
                Life = { IdleMinutes = idle, CentsPerMinute = prices.CentsPerMinute(hardware), Replicas = minimum },
            };
            state.Endpoints.Add(endpoint);
            if (starts)
            {
                store.Start(endpoint.Life, Template, ServingStore.PathOf(endpoint), model);
            }

            return Full(endpoint);
        })));
    }

    private Task<Reply> Update(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        var wanted = StateOf(body);
        var replicas = Autoscaling(body);
        return Task.FromResult(Reply.Json(store.Change((state, _) =>
        {
            var endpoint = Get(state, call.Id);
            call.Model = endpoint.Model;
            if (wanted is "STARTED" && !endpoint.Life.IsRunning)
            {
                RequireAccess();
            }

            endpoint.DisplayName = body.Text("display_name") ?? endpoint.DisplayName;
            (endpoint.MinReplicas, endpoint.MaxReplicas) = replicas ?? (endpoint.MinReplicas, endpoint.MaxReplicas);
            endpoint.Life.Replicas = endpoint.MinReplicas;
            if (body.TryGetProperty("inactive_timeout", out JsonElement _))
            {
                endpoint.Life.IdleMinutes = IdleMinutes(body);
            }

            if (wanted is "STARTED")
            {
                store.Start(endpoint.Life, Template, ServingStore.PathOf(endpoint), endpoint.Model);
            }
            else if (wanted is "STOPPED")
            {
                store.Stop(endpoint.Life, Template, ServingStore.PathOf(endpoint), endpoint.Model);
            }

            return Full(endpoint);
        })));
    }

    private Task<Reply> Delete(ApiCall call)
    {
        store.Change((state, _) =>
        {
            var endpoint = Get(state, call.Id);
            call.Model = endpoint.Model;
            store.Stop(endpoint.Life, Template, ServingStore.PathOf(endpoint), endpoint.Model);
            return endpoint.IsDeleted = true;
        });
        return Task.FromResult(new Reply { Status = 204 });
    }

    private void RequireAccess()
    {
        if (desk.Way != ServingWay.V1)
        {
            throw new ApiException(
                403,
                "Endpoints of this version can no longer be created or started by this account: deploy the model by the second version of the API.",
                "forbidden",
                code: "endpoints_v1_create_access_disabled");
        }
    }

    private static EndpointRecord Get(ServingState state, string id) =>
        state.Endpoints.Find(item => !item.IsDeleted && string.Equals(item.Id, id, StringComparison.Ordinal)) ?? throw ApiException.NotFound("endpoint", id);

    private static string? StateOf(JsonElement body) => body.Text("state") switch
    {
        null or "STARTED" or "STOPPED" => body.Text("state"),
        _ => throw ApiException.BadField("state", "The field 'state' must be STARTED or STOPPED."),
    };

    private static (int Minimum, int Maximum)? Autoscaling(JsonElement body)
    {
        if (body.Section("autoscaling") is not { } section)
        {
            return null;
        }

        var minimum = section.Integer("min_replicas", 1, MaximumReplicas) ?? throw ApiException.Missing("autoscaling.min_replicas");
        var maximum = section.Integer("max_replicas", minimum, MaximumReplicas) ?? throw ApiException.Missing("autoscaling.max_replicas");
        return ((int)minimum, (int)maximum);
    }

    private static double? IdleMinutes(JsonElement body) => body.Integer("inactive_timeout", 0, 100_000) is > 0 and var minutes ? minutes : null;

    private static JsonObject ListOf(IEnumerable<JsonObject> items) => new() { ["object"] = "list", ["data"] = new JsonArray([.. items]) };

    private JsonObject Short(EndpointRecord endpoint) => new()
    {
        ["object"] = "endpoint",
        ["id"] = endpoint.Id,
        ["name"] = endpoint.Name,
        ["model"] = endpoint.Model,
        ["type"] = "dedicated",
        ["owner"] = "sandbox-user",
        ["state"] = store.Phase(endpoint.Life) switch
        {
            ServingPhase.Pending => "PENDING",
            ServingPhase.Starting => "STARTING",
            ServingPhase.Ready => "STARTED",
            ServingPhase.Stopping => "STOPPING",
            _ => "STOPPED",
        },
        ["created_at"] = Wire.Time(endpoint.CreatedAt),
    };

    private JsonObject Full(EndpointRecord endpoint)
    {
        var described = Short(endpoint);
        described["display_name"] = endpoint.DisplayName;
        described["hardware"] = endpoint.Hardware;
        described["autoscaling"] = new JsonObject { ["min_replicas"] = endpoint.MinReplicas, ["max_replicas"] = endpoint.MaxReplicas };
        return described;
    }
}
