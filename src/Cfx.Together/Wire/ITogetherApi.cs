using System.Text.Json;
using RestEase;

namespace Cfx.Together.Wire;

/// <summary>The Together REST API, as far as the study uses it. Any status is returned, never thrown: RestEase's exception carries the request
/// and with it the key.</summary>
/// <remarks>Public because RestEase implements it at run time.</remarks>
[AllowAnyStatusCode]
public interface ITogetherApi : IDisposable
{
    [Post("chat/completions")]
    Task<Response<ChatCompletion>> ChatAsync([Body] ChatCompletionRequest request, CancellationToken cancellationToken);

    /// <remarks>A bare array; some servers wrap it.</remarks>
    [Get("models")]
    Task<Response<JsonElement>> ModelsAsync(CancellationToken cancellationToken);

    [Get("whoami")]
    Task<Response<JsonElement>> WhoAmIAsync(CancellationToken cancellationToken);

    /// <remarks>Answers 302 with Location and X-Together-File-Id.</remarks>
    [Post("files")]
    Task<HttpResponseMessage> BeginUploadAsync(
        [Body(BodySerializationMethod.UrlEncoded)] IDictionary<string, string> fields, CancellationToken cancellationToken);

    [Post("files/upload")]
    Task<Response<FileObject>> UploadAsync([Body] HttpContent form, CancellationToken cancellationToken);

    [Post("files/{id}/preprocess")]
    Task<Response<FileObject>> PreprocessAsync([Path] string id, CancellationToken cancellationToken);

    [Get("files/{id}")]
    Task<Response<FileObject>> FileAsync([Path] string id, CancellationToken cancellationToken);

    [Get("files")]
    Task<Response<JsonElement>> FilesAsync(CancellationToken cancellationToken);

    [Get("files/{id}/content")]
    Task<HttpResponseMessage> FileContentAsync([Path] string id, CancellationToken cancellationToken);

    [Delete("files/{id}")]
    Task<HttpResponseMessage> DeleteFileAsync([Path] string id, CancellationToken cancellationToken);

    [Post("fine-tunes")]
    Task<Response<FineTuneJob>> CreateJobAsync([Body] FineTuneRequest request, CancellationToken cancellationToken);

    [Get("fine-tunes")]
    Task<Response<JsonElement>> JobsAsync(CancellationToken cancellationToken);

    [Get("fine-tunes/{id}")]
    Task<Response<FineTuneJob>> JobAsync([Path] string id, CancellationToken cancellationToken);

    [Get("fine-tunes/{id}/events")]
    Task<Response<JsonElement>> JobEventsAsync([Path] string id, CancellationToken cancellationToken);

    [Get("fine-tunes/{id}/metrics")]
    Task<Response<FineTuneMetrics>> JobMetricsAsync(
        [Path] string id, [Query("global_step_from")] int? globalStepFrom, CancellationToken cancellationToken);

    [Get("fine-tunes/{id}/checkpoints")]
    Task<Response<JsonElement>> JobCheckpointsAsync([Path] string id, CancellationToken cancellationToken);

    [Post("fine-tunes/{id}/cancel")]
    Task<Response<FineTuneJob>> CancelJobAsync([Path] string id, CancellationToken cancellationToken);

    [Delete("fine-tunes/{id}")]
    Task<HttpResponseMessage> DeleteJobAsync([Path] string id, CancellationToken cancellationToken);

    [Post("fine-tunes/estimate-price")]
    Task<Response<PriceEstimate>> EstimatePriceAsync([Body] PriceEstimateRequest request, CancellationToken cancellationToken);

    [Get("fine-tunes/models/limits")]
    Task<Response<ModelLimits>> LimitsAsync([Query("model_name")] string modelName, CancellationToken cancellationToken);

    [Get("fine-tunes/models/supported")]
    Task<Response<SupportedModels>> SupportedModelsAsync(CancellationToken cancellationToken);

    /// <remarks>Answers 201 with the job in an envelope; some servers send it bare.</remarks>
    [Post("batches")]
    Task<Response<JsonElement>> CreateBatchAsync([Body] BatchRequest request, CancellationToken cancellationToken);

    /// <remarks>A bare array; some servers wrap it.</remarks>
    [Get("batches")]
    Task<Response<JsonElement>> BatchesAsync(CancellationToken cancellationToken);

    [Get("batches/{id}")]
    Task<Response<BatchJob>> BatchAsync([Path] string id, CancellationToken cancellationToken);

    [Post("batches/{id}/cancel")]
    Task<Response<BatchJob>> CancelBatchAsync([Path] string id, CancellationToken cancellationToken);
}
