using System.Text.Json;
using RestEase;

namespace Cfx.Together.Wire.Serving;

/// <summary>The v2 API for deployments: camelCase, lists with a cursor. Any status is returned, never thrown.</summary>
/// <remarks>Public because RestEase implements it at run time.</remarks>
[AllowAnyStatusCode]
public interface IDeploymentsApi : IDisposable
{
    [Get("supported-models")]
    Task<Response<JsonElement>> CatalogueAsync([Query] string? after, CancellationToken cancellationToken);

    [Get("public/inference-instance-types")]
    Task<Response<JsonElement>> InstanceTypesAsync(CancellationToken cancellationToken);

    [Get("projects/{project}/models")]
    Task<Response<JsonElement>> ModelsAsync([Path] string project, [Query] string? after, CancellationToken cancellationToken);

    [Get("projects/{project}/configs")]
    Task<Response<JsonElement>> ConfigsAsync(
        [Path] string project, [Query] string referenceModel, [Query] string? after, CancellationToken cancellationToken);

    [Get("projects/{project}/endpoints")]
    Task<Response<JsonElement>> EndpointsAsync([Path] string project, [Query] string? after, CancellationToken cancellationToken);

    [Post("projects/{project}/endpoints")]
    Task<Response<RoutedEndpoint>> CreateEndpointAsync([Path] string project, [Body] RoutedEndpointRequest request, CancellationToken cancellationToken);

    [Patch("projects/{project}/endpoints/{endpoint}")]
    Task<HttpResponseMessage> RouteAsync(
        [Path] string project, [Path] string endpoint, [Body] TrafficPatch patch, CancellationToken cancellationToken);

    [Delete("projects/{project}/endpoints/{endpoint}")]
    Task<HttpResponseMessage> DeleteEndpointAsync([Path] string project, [Path] string endpoint, CancellationToken cancellationToken);

    [Get("projects/{project}/endpoints/{endpoint}/deployments")]
    Task<Response<JsonElement>> DeploymentsAsync(
        [Path] string project, [Path] string endpoint, [Query] string? after, CancellationToken cancellationToken);

    [Post("projects/{project}/endpoints/{endpoint}/deployments")]
    Task<Response<DeploymentObject>> CreateDeploymentAsync(
        [Path] string project, [Path] string endpoint, [Body] DeploymentRequest request, CancellationToken cancellationToken);

    [Get("projects/{project}/endpoints/{endpoint}/deployments/{deployment}")]
    Task<Response<DeploymentObject>> DeploymentAsync(
        [Path] string project, [Path] string endpoint, [Path] string deployment, CancellationToken cancellationToken);

    [Patch("projects/{project}/endpoints/{endpoint}/deployments/{deployment}")]
    Task<HttpResponseMessage> ChangeAsync(
        [Path] string project, [Path] string endpoint, [Path] string deployment, [Body] DeploymentPatch patch, CancellationToken cancellationToken);

    [Delete("projects/{project}/endpoints/{endpoint}/deployments/{deployment}")]
    Task<HttpResponseMessage> DeleteDeploymentAsync(
        [Path] string project, [Path] string endpoint, [Path] string deployment, CancellationToken cancellationToken);
}
