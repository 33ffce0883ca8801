using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Serving;

/// <summary>The second version's endpoints: names that split their requests among deployments.</summary>
internal sealed class RoutedEndpointRoutes(ServingStore store, ServingDesk desk)
{
    private const string Template = "/projects/{project}/endpoints/{id}";

    public IEnumerable<Route> All() => desk.Way != ServingWay.V2 ? [] :
    [
        new("GET", "/projects/{project}/endpoints", List) { IsSecond = true },
        new("POST", "/projects/{project}/endpoints", Create) { IsSecond = true },
        new("GET", Template, call => Answer(store.Read(state => Describe(state, Get(state, call.Ids[0], call.Id))))) { IsSecond = true },
        new("PATCH", Template, Update) { IsSecond = true },
        new("DELETE", Template, Delete) { IsSecond = true },
    ];

    /// <exception cref="ApiException">404: there is none of this id.</exception>
    public static RoutedEndpointRecord Get(ServingState state, string project, string id)
    {
        CatalogRoutes.RequireProject(project);
        return state.RoutedEndpoints.Find(item => !item.IsDeleted && string.Equals(item.Id, id, StringComparison.Ordinal))
            ?? throw ApiException.NotFound("endpoint", id);
    }

    /// <summary>A name without the project's before it.</summary>
    /// <exception cref="ApiException">400: it is missing or malformed.</exception>
    public static string BareName(JsonElement body)
    {
        var name = body.RequiredText("name").Split('/') switch
        {
            [ServingDesk.Slug, .., var last] => last,
            [var only] => only,
            _ => throw ApiException.BadField("name", "The name is of another project."),
        };
        return name.Length <= 63 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw ApiException.BadField("name", "The name may hold at most 63 letters, digits, '-', '_' and '.'.");
    }

    private static Task<Reply> Answer(JsonObject body) => Task.FromResult(Reply.Json(body));

    private Task<Reply> List(ApiCall call)
    {
        CatalogRoutes.RequireProject(call.Id);
        return Task.FromResult(Pages.Of(call, store.Read(state => state.RoutedEndpoints.Where(item => !item.IsDeleted).Select(item => Describe(state, item)).ToList())));
    }

    private Task<Reply> Create(ApiCall call)
    {
        CatalogRoutes.RequireProject(call.Id);
        var name = BareName(Wire.Object(call.Body));
        return Answer(store.Change((state, now) =>
        {
            RequireFree(state, name);
            var ordinal = state.RoutedEndpoints.Count(item => string.Equals(item.Name, name, StringComparison.Ordinal));
            var endpoint = new RoutedEndpointRecord
            {
                Id = "ep_" + ContentId.Hex(20, "routed endpoint", name, ordinal.ToString(CultureInfo.InvariantCulture)),
                Name = name,
                CreatedAt = now,
                UpdatedAt = now,
            };
            state.RoutedEndpoints.Add(endpoint);
            return Describe(state, endpoint);
        }));
    }

    private Task<Reply> Update(ApiCall call)
    {
        var body = Wire.Object(call.Body);
        return Answer(store.Change((state, now) =>
        {
            var endpoint = Get(state, call.Ids[0], call.Id);
            RequireSame(body.Text("etag"), EtagOf(endpoint));
            var split = body.Find("trafficSplit") is { } given ? Split(state, endpoint, given) : endpoint.TrafficSplit;
            if (body.Text("name") is not null && BareName(body) is var name && !string.Equals(name, endpoint.Name, StringComparison.Ordinal))
            {
                RequireFree(state, name);
                endpoint.Name = name;
            }

            (endpoint.TrafficSplit, endpoint.UpdatedAt) = (split, now);
            endpoint.Revision++;
            return Describe(state, endpoint);
        }));
    }

    private Task<Reply> Delete(ApiCall call) => Answer(store.Change((state, _) =>
    {
        var endpoint = Get(state, call.Ids[0], call.Id);
        RequireSame(call.Query("etag"), EtagOf(endpoint));
        if (state.Deployments.Exists(item => !item.IsDeleted && string.Equals(item.EndpointId, endpoint.Id, StringComparison.Ordinal)))
        {
            throw new ApiException(400, "The endpoint has deployments: delete them first.", code: "failed_precondition");
        }

        endpoint.IsDeleted = true;
        return new JsonObject();
    }));

    /// <exception cref="ApiException">409: it has changed since.</exception>
    public static void RequireSame(string? given, string current)
    {
        if (given is not null && !string.Equals(given, current, StringComparison.Ordinal))
        {
            throw new ApiException(409, "The etag is not the current one: read again.", code: "aborted");
        }
    }

    private static void RequireFree(ServingState state, string name)
    {
        if (state.RoutedEndpoints.Exists(item => !item.IsDeleted && string.Equals(item.Name, name, StringComparison.Ordinal)))
        {
            throw new ApiException(409, $"There is an endpoint '{ServingDesk.Slug}/{name}' already.", code: "already_exists");
        }
    }

    private static Dictionary<string, double> Split(ServingState state, RoutedEndpointRecord endpoint, JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Array || given.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
        {
            throw ApiException.BadField("trafficSplit", "The field 'trafficSplit' must be a list of deploymentId and weight.");
        }

        var split = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var item in given.EnumerateArray())
        {
            var id = item.RequiredText("deploymentId");
            if (!state.Deployments.Exists(known => !known.IsDeleted && string.Equals(known.Id, id, StringComparison.Ordinal) && string.Equals(known.EndpointId, endpoint.Id, StringComparison.Ordinal)))
            {
                throw ApiException.BadField("trafficSplit", $"The endpoint has no deployment '{id}'.");
            }

            split[id] = item.Number("weight", 0, double.MaxValue) ?? throw ApiException.Missing("trafficSplit.weight");
        }

        return split;
    }

    private static string EtagOf(RoutedEndpointRecord endpoint) => ContentId.Hex(12, endpoint.Id, endpoint.Revision.ToString(CultureInfo.InvariantCulture));

    private JsonObject Describe(ServingState state, RoutedEndpointRecord endpoint) => new()
    {
        ["id"] = endpoint.Id,
        ["name"] = $"{ServingDesk.Slug}/{endpoint.Name}",
        ["projectId"] = ServingDesk.Project,
        ["endpointType"] = "ENDPOINT_TYPE_DEDICATED",
        ["visibility"] = "VISIBILITY_PRIVATE",
        ["createdAt"] = Wire.Time(endpoint.CreatedAt),
        ["updatedAt"] = Wire.Time(endpoint.UpdatedAt),
        ["etag"] = EtagOf(endpoint),
        ["trafficSplit"] = new JsonArray([.. endpoint.TrafficSplit.Select(part => new JsonObject { ["deploymentId"] = part.Key, ["weight"] = part.Value })]),
        ["deployments"] = new JsonArray([.. state.Deployments
            .Where(item => !item.IsDeleted && string.Equals(item.EndpointId, endpoint.Id, StringComparison.Ordinal))
            .Select(item => DeploymentRoutes.Summary(store, endpoint, item))]),
    };
}
