using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Jobs;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Serving;

/// <summary>What the second version knows of models, configurations and machines.</summary>
internal sealed class CatalogRoutes(ServingDesk desk, ModelDirectory models, JobStore jobs, PriceList prices, TimeProvider time)
{
    public IEnumerable<Route> All() => desk.Way != ServingWay.V2 ? [] :
    [
        new("GET", "/projects/{project}/configs", Configs) { IsSecond = true },
        new("GET", "/projects/{project}/models", Models) { IsSecond = true },
        new("GET", "/supported-models", Supported) { IsSecond = true },
        new("GET", "/public/inference-instance-types", Machines) { IsSecond = true },
    ];

    /// <summary>The id of the configuration that serves a model on a machine.</summary>
    public static string ConfigId(Hardware hardware) => "cr_" + ContentId.Hex(20, "config", hardware.Id);

    /// <exception cref="ApiException">404: it is not the account's.</exception>
    public static void RequireProject(string project)
    {
        if (project is not ServingDesk.Project)
        {
            throw ApiException.NotFound("project", project);
        }
    }

    private static string ResourceOf(string model) => $"projects/{ServingDesk.Catalog}/models/{ServingDesk.BaseObjectId(model)}";

    private Task<Reply> Configs(ApiCall call)
    {
        RequireProject(call.Id);
        var model = call.Query("referenceModel") ?? (call.Query("referenceModelId") is { } id ? $"projects/{ServingDesk.Project}/models/{id}" : null);
        var configs = model is null || desk.FindByResource(model) is null ? [] : Hardware.All.Where(item => item.IsAvailable).Select(item => new JsonObject
        {
            ["id"] = ConfigId(item),
            // Configurations are everybody's: another project owns them.
            ["projectId"] = ServingDesk.Catalog,
            ["referenceModel"] = model,
            ["referenceModelId"] = model.Split('/')[3],
            ["certifications"] = new JsonArray(new JsonObject { ["certificationType"] = "CERTIFICATION_TYPE_CERTIFIED", ["model"] = model }),
            ["selectors"] = new JsonArray(
                Selector("gpu_type", item.GpuType), Selector("gpu_count", item.GpuCount.ToString(CultureInfo.InvariantCulture)), Selector("instance_type", item.Id)),
        });
        return Task.FromResult(Pages.Of(call, [.. configs]));
    }

    private static JsonObject Selector(string key, string value) => new() { ["key"] = key, ["value"] = value };

    private Task<Reply> Models(ApiCall call)
    {
        RequireProject(call.Id);
        return Task.FromResult(Pages.Of(call, [.. jobs.List(job => job).Where(job => job.Status is JobWord.Completed).Select(job => new JsonObject
        {
            ["id"] = ServingDesk.ObjectId(job.Id),
            ["name"] = job.OutputName,
            ["organizationId"] = "sandbox",
            ["projectId"] = ServingDesk.Project,
            ["visibility"] = "VISIBILITY_PRIVATE",
            ["weights"] = new JsonObject { ["type"] = job.Settings.LoraRank is null ? "WEIGHTS_TYPE_DEFAULT" : "WEIGHTS_TYPE_ADAPTER" },
            ["baseModel"] = ResourceOf(job.Settings.Model),
            ["baseModelId"] = ServingDesk.BaseObjectId(job.Settings.Model),
        })]));
    }

    private Task<Reply> Supported(ApiCall call) => Task.FromResult(Pages.Of(call, [.. models.Host.BaseModels.Where(model => desk.IsDeployable(model.Name)).Select(model => new JsonObject
    {
        ["id"] = ServingDesk.BaseObjectId(model.Name),
        ["name"] = model.Name,
        ["displayName"] = model.DisplayName,
        ["displayType"] = "chat",
        ["publisher"] = "sandbox",
        ["baseModel"] = ResourceOf(model.Name),
        ["baseModelId"] = ServingDesk.BaseObjectId(model.Name),
        ["contextLength"] = model.ContextLength.ToString(CultureInfo.InvariantCulture),
        ["capabilities"] = new JsonArray("CAPABILITY_CHAT"),
        ["products"] = new JsonArray("PRODUCT_DEDICATED", "PRODUCT_FINE_TUNING"),
        ["deploymentProfiles"] = new JsonArray([.. Hardware.All.Where(item => item.IsAvailable).Select(item => new JsonObject
        {
            ["profileId"] = ConfigId(item),
            ["config"] = $"projects/{ServingDesk.Catalog}/configs/{ConfigId(item)}",
            ["certifiedConfigRevisionId"] = ConfigId(item),
            ["model"] = ResourceOf(model.Name),
            ["modelName"] = model.Name,
            ["gpuCount"] = item.GpuCount,
            ["gpuType"] = item.GpuType,
        })]),
        ["createdAt"] = Wire.Time(time.GetUtcNow()),
        ["updatedAt"] = Wire.Time(time.GetUtcNow()),
    })]));

    private Task<Reply> Machines(ApiCall call) => Task.FromResult(Pages.Of(call, [.. Hardware.All.Where(item => item.IsAvailable).Select(item => new JsonObject
    {
        ["id"] = item.Id,
        ["name"] = item.Id,
        ["description"] = $"{item.GpuCount} x {item.GpuType}",
        ["gpuCount"] = item.GpuCount,
        ["gpuMemoryGib"] = item.GpuMemory,
        ["gpuType"] = item.GpuType,
        ["priceCentsPerHour"] = prices.CentsPerMinute(item) * 60,
        ["regions"] = new JsonArray(new JsonObject { ["name"] = "local" }),
    })]));
}
