using System.Text.Json.Nodes;

namespace Cfx.Together.Tests.Serving;

/// <summary>A provider's serving APIs, kept in memory, as the wire's description has them.</summary>
internal sealed class FakeProvider
{
    public const string CreateEndpoint = "POST /v1/endpoints";
    public const string CreateRouted = "POST /v2/projects/proj_1/endpoints";
    public const string Chat = "POST /v1/chat/completions";
    private readonly ScriptedServer _server;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _routed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _deployments = new(StringComparer.Ordinal);
    private int _made;

    public FakeProvider(ScriptedServer server)
    {
        _server = server;
        server.Always(Chat, r => AnswerChat(r));
    }

    /// <summary>Models that answer by their own name.</summary>
    public HashSet<string> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>How often something must be looked at before it is up.</summary>
    public int LooksUntilReady { get; set; } = 2;

    /// <summary>The state in which something new ends.</summary>
    public string EndpointEnds { get; set; } = "STARTED";

    public string DeploymentEnds { get; set; } = "READY";

    /// <summary>Every endpoint and deployment that was ever made.</summary>
    public int Made => _made;

    /// <summary>What costs money now.</summary>
    public int Running => _endpoints.Values.Count(e => (string?)e["state"] is not "STOPPED")
        + _deployments.Values.Count(d => (int)d["autoscaling"]!["minReplicas"]! > 0);

    public IReadOnlyCollection<JsonObject> Endpoints => _endpoints.Values;

    public IReadOnlyCollection<JsonObject> Deployments => _deployments.Values;

    public IReadOnlyCollection<JsonObject> Routed => _routed.Values;

    /// <summary>Stops everything by itself, as for being idle; a v1 endpoint may be removed with it.</summary>
    public void StopIdle(bool removes = false)
    {
        lock (_gate)
        {
            foreach (var (id, endpoint) in _endpoints.ToList())
            {
                endpoint["state"] = "STOPPED";
                _ = removes && _endpoints.Remove(id);
            }

            foreach (var deployment in _deployments.Values)
            {
                deployment["status"]!["state"] = "DEPLOYMENT_STATE_STOPPED";
            }
        }
    }

    public FakeProvider WithV1()
    {
        _server.Always("GET /v1/hardware", Answer.Ok(
            """
            {"object":"list","data":[
             {"object":"hardware","id":"2x_h100","pricing":{"cents_per_minute":20},"specs":{"gpu_type":"h100"},"availability":{"status":"available"}},
             {"object":"hardware","id":"1x_a100","pricing":{"cents_per_minute":5},"availability":{"status":"unavailable"}},
             {"object":"hardware","id":"1x_h100","pricing":{"cents_per_minute":10},"availability":{"status":"available"}}]}
            """));
        _server.Always("GET /v1/endpoints", _ => Answer.Ok(List("data", _endpoints.Values.Select(e =>
        {
            var item = (JsonObject)e.DeepClone();
            item.Remove("display_name");
            return item;
        }))));
        _server.Always(CreateEndpoint, MakeEndpoint);
        return this;
    }

    public FakeProvider WithV2(bool echoesIdleStop = true)
    {
        _server.Always("GET /v1/whoami", Answer.Ok("""{"project_id":"proj_1","project_slug":"me"}"""));
        _server.Always("GET /v1/fine-tunes", Answer.Ok("""{"data":[{"id":"ft-1","status":"completed","model_output_name":"me/tuned","created_at":"2026-01-01T00:00:00.0Z"}]}"""));
        _server.Always("GET /v1/fine-tunes/ft-1", Answer.Ok("""{"id":"ft-1","status":"completed","model_output_name":"me/tuned","model_object_id":"ml_9"}"""));
        _server.Always("GET /v2/supported-models", r => Answer.Ok(r.Query.Contains("after=2", StringComparison.Ordinal)
            ? """
              {"data":[{"id":"arch_1","name":"org/base","deploymentProfiles":[
               {"model":"projects/proj_w/models/ml_q","config":"projects/proj_c/configs/cr_q","gpuType":"nvidia-h100-80gb","gpuCount":1,"quantization":"FP8"},
               {"model":"projects/proj_w/models/ml_b","config":"projects/proj_c/configs/cr_b","gpuType":"nvidia-h100-80gb","gpuCount":2,"quantization":"BF16"}]}]}
              """
            : """{"data":[{"id":"arch_0","name":"org/other","deploymentProfiles":[]}],"next_cursor":"2"}"""));
        _server.Always("GET /v2/projects/proj_1/models", Answer.Ok("""{"data":[]}"""));
        _server.Always("GET /v2/projects/proj_1/configs", r => Answer.Ok(r.Query.Contains("ml_9", StringComparison.Ordinal)
            ? """{"data":[{"id":"cr_9","projectId":"proj_c","selectors":[{"key":"accelerator_type","value":"nvidia-h100-80gb"},{"key":"accelerator_count","value":"1"}]}]}"""
            : """{"data":[]}"""));
        _server.Always("GET /v2/public/inference-instance-types", Answer.Ok(
            """{"object":"list","data":[{"id":"1xnvidia-h100-80gb","gpuType":"H100","gpuCount":1,"priceCentsPerHour":600},{"id":"2xh","gpuType":"h100","gpuCount":2,"priceCentsPerHour":1200}]}"""));
        _server.Always("GET /v2/projects/proj_1/endpoints", _ => Answer.Ok(List("data", _routed.Values)));
        _server.Always(CreateRouted, r => MakeRouted(r, echoesIdleStop));
        return this;
    }

    public Answer MakeEndpoint(Received request)
    {
        lock (_gate)
        {
            var endpoint = JsonNode.Parse(request.Body)!.AsObject();
            var id = $"endpoint-{++_made}";
            endpoint["id"] = id;
            endpoint["object"] = "endpoint";
            endpoint["type"] = "dedicated";
            endpoint["name"] = $"me/{(string?)endpoint["model"]}-{_made}";
            endpoint["state"] = "PENDING";
            endpoint["created_at"] = "2026-01-02T03:04:05.000Z";
            _endpoints[id] = endpoint;
            var looks = 0;
            _server.Always($"GET /v1/endpoints/{id}", _ =>
            {
                if (!_endpoints.ContainsKey(id))
                {
                    return Answer.Error(404);
                }

                if ((string?)endpoint["state"] is "PENDING" && ++looks >= LooksUntilReady)
                {
                    endpoint["state"] = EndpointEnds;
                }

                return Answer.Ok(endpoint.ToJsonString());
            });
            _server.Always($"PATCH /v1/endpoints/{id}", r =>
            {
                endpoint["state"] = (string?)JsonNode.Parse(r.Body)!["state"] == "STOPPED" ? "STOPPED" : "PENDING";
                looks = 0;
                return Answer.Ok(endpoint.ToJsonString());
            });
            _server.Always($"DELETE /v1/endpoints/{id}", _ => _endpoints.Remove(id) ? new Answer(204, "") : Answer.Error(404));
            return Answer.Ok(endpoint.ToJsonString());
        }
    }

    public Answer MakeDeployment(string endpoint, Received request, bool echoesIdleStop)
    {
        lock (_gate)
        {
            var deployment = JsonNode.Parse(request.Body)!.AsObject();
            var id = $"dep_{++_made}";
            deployment["id"] = id;
            deployment["endpointId"] = endpoint;
            if (!echoesIdleStop)
            {
                deployment["autoscaling"]!.AsObject().Remove("scaleToZeroWindow");
            }

            deployment["status"] = new JsonObject { ["state"] = "DEPLOYMENT_STATE_PROVISIONING", ["message"] = "Scheduling replicas" };
            _deployments[id] = deployment;
            var path = $"/v2/projects/proj_1/endpoints/{endpoint}/deployments/{id}";
            var looks = 0;
            _server.Always("GET " + path, _ =>
            {
                if (!_deployments.ContainsKey(id))
                {
                    return Answer.Error(404);
                }

                if ((string?)deployment["status"]!["state"] is "DEPLOYMENT_STATE_PROVISIONING" && ++looks >= LooksUntilReady)
                {
                    deployment["status"]!["state"] = "DEPLOYMENT_STATE_" + DeploymentEnds;
                }

                return Answer.Ok(deployment.ToJsonString());
            });
            _server.Always("PATCH " + path, r =>
            {
                var patch = JsonNode.Parse(r.Body)!.AsObject();
                foreach (var (name, value) in patch["autoscaling"]?.AsObject() ?? [])
                {
                    deployment["autoscaling"]![name] = value!.DeepClone();
                }

                if (patch["inactiveTimeout"] is { } idle)
                {
                    deployment["inactiveTimeout"] = idle.DeepClone();
                }

                if (patch["autoscaling"] is not null)
                {
                    looks = 0;
                    deployment["status"]!["state"] = (int)deployment["autoscaling"]!["minReplicas"]! == 0 ? "DEPLOYMENT_STATE_STOPPED" : "DEPLOYMENT_STATE_PROVISIONING";
                }

                return Answer.Ok(deployment.ToJsonString());
            });
            _server.Always("DELETE " + path, _ => Answer.Error(409, "it is in the traffic split"));
            return Answer.Ok(deployment.ToJsonString());
        }
    }

    private Answer MakeRouted(Received request, bool echoesIdleStop)
    {
        lock (_gate)
        {
            var name = (string)JsonNode.Parse(request.Body)!["name"]!;
            if (_routed.Values.Any(e => (string?)e["name"] == "me/" + name))
            {
                return Answer.Error(409, "the name is taken");
            }

            var id = $"ep_{_routed.Count + 1}";
            var endpoint = new JsonObject { ["id"] = id, ["name"] = "me/" + name, ["createdAt"] = "2026-01-02T03:04:05Z", ["trafficSplit"] = new JsonArray() };
            _routed[id] = endpoint;
            var path = $"/v2/projects/proj_1/endpoints/{id}";
            _server.Always($"GET {path}/deployments", _ => Answer.Ok(List("data", _deployments.Values.Where(d => (string?)d["endpointId"] == id))));
            _server.Always($"POST {path}/deployments", r => MakeDeployment(id, r, echoesIdleStop));
            _server.Always($"PATCH {path}", r =>
            {
                endpoint["trafficSplit"] = JsonNode.Parse(r.Body)!["trafficSplit"]!.DeepClone();
                return Answer.Ok(endpoint.ToJsonString());
            });
            return Answer.Ok(endpoint.ToJsonString());
        }
    }

    private Answer AnswerChat(Received request)
    {
        lock (_gate)
        {
            var model = (string)JsonNode.Parse(request.Body)!["model"]!;
            var isServed = ByName.Contains(model)
                || _endpoints.Values.Any(e => (string?)e["name"] == model && (string?)e["state"] == "STARTED")
                || _routed.Values.Any(e => (string?)e["name"] == model && e["trafficSplit"]!.AsArray().Any(s =>
                    _deployments.TryGetValue((string)s!["deploymentId"]!, out var d) && (string?)d["status"]!["state"] == "DEPLOYMENT_STATE_READY"));
            return isServed
                ? Answer.Ok($$$"""{"id":"c","created":1700000000,"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"{{{model}}}"}}]}""")
                : Answer.Error(400, "the model cannot be asked");
        }
    }

    private static string List(string name, IEnumerable<JsonObject> items) =>
        new JsonObject { [name] = new JsonArray([.. items.Select(i => i.DeepClone())]) }.ToJsonString();
}
