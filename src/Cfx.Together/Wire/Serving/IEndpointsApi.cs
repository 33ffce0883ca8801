using System.Text.Json;
using RestEase;

namespace Cfx.Together.Wire.Serving;

/// <summary>The part of the v1 API that serving needs. Any status is returned, never thrown.</summary>
/// <remarks>Public because RestEase implements it at run time.</remarks>
[AllowAnyStatusCode]
public interface IEndpointsApi : IDisposable
{
    [Get("whoami")]
    Task<Response<WhoAmI>> WhoAmIAsync(CancellationToken cancellationToken);

    [Get("fine-tunes")]
    Task<Response<JsonElement>> JobsAsync(CancellationToken cancellationToken);

    [Get("fine-tunes/{id}")]
    Task<Response<TunedModelJob>> JobAsync([Path] string id, CancellationToken cancellationToken);

    [Get("hardware")]
    Task<Response<JsonElement>> HardwareAsync([Query] string? model, CancellationToken cancellationToken);

    [Get("endpoints")]
    Task<Response<JsonElement>> EndpointsAsync([Query] string type, [Query] string mine, CancellationToken cancellationToken);

    [Post("endpoints")]
    Task<Response<EndpointObject>> CreateAsync([Body] EndpointRequest request, CancellationToken cancellationToken);

    [Get("endpoints/{id}")]
    Task<Response<EndpointObject>> EndpointAsync([Path] string id, CancellationToken cancellationToken);

    [Patch("endpoints/{id}")]
    Task<HttpResponseMessage> ChangeAsync([Path] string id, [Body] EndpointPatch patch, CancellationToken cancellationToken);

    /// <remarks>Answers 204 without a body.</remarks>
    [Delete("endpoints/{id}")]
    Task<HttpResponseMessage> DeleteAsync([Path] string id, CancellationToken cancellationToken);
}
