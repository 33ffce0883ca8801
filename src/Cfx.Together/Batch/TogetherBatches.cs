using System.Text.Json;
using Cfx.Core.Generation;
using Cfx.Together.Wire;
using Microsoft.Extensions.Logging;

namespace Cfx.Together.Batch;

/// <summary>Batches at a provider.</summary>
public sealed class TogetherBatches
{
    private const string Endpoint = "/v1/chat/completions";
    private const string Window = "24h";
    private const string Remedy404 = "The provider knows no such batch: check the id and that the key belongs to the account that made it.";
    private static readonly Func<JsonElement, string?> Whole = WireList.Whole(
        WireJson.Default.BatchJob, b => string.IsNullOrEmpty(b.Id) ? "has no id" : string.IsNullOrEmpty(b.InputFileId) ? "has no input file" : null);

    private readonly ITogetherApi _api;
    private readonly CallPolicy _policy;
    private readonly TogetherOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal TogetherBatches(ITogetherApi api, CallPolicy policy, TogetherOptions options, TimeProvider time, ILogger logger)
    {
        _api = api;
        _policy = policy;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Every batch of the account.</summary>
    /// <exception cref="ProviderException">The provider could not be reached or refused, or one of its batches cannot be told from others.</exception>
    public async Task<IReadOnlyList<BatchJob>> ListAsync(CancellationToken cancellationToken)
    {
        var body = await _policy.SendAsync(new Call("Listing the batches", "GET /batches"), _api.BatchesAsync, Whole, cancellationToken);
        return [.. WireList.Read(body, WireJson.Default.BatchJob)];
    }

    /// <exception cref="ProviderException">The provider could not be reached or refused.</exception>
    public Task<BatchJob> GetAsync(string id, CancellationToken cancellationToken) =>
        _policy.SendAsync(
            new Call($"Looking at the batch {id}", $"GET /batches/{id}") { NotFoundRemedy = Remedy404 }, t => _api.BatchAsync(id, t), Malformed, cancellationToken);

    /// <summary>Asks for a batch to end; what it has answered by then may still be had and is billed.</summary>
    /// <exception cref="ProviderException">The provider could not be reached or refused.</exception>
    public Task<BatchJob> CancelAsync(string id, CancellationToken cancellationToken) =>
        _policy.SendAsync(
            new Call($"Cancelling the batch {id}", $"POST /batches/{id}/cancel") { NotFoundRemedy = Remedy404 },
            t => _api.CancelBatchAsync(id, t), null, cancellationToken);

    /// <summary>Creates a batch of chat calls. Sent once: without a clear answer, whoever calls looks for the batch before sending again.</summary>
    /// <exception cref="ProviderException">The provider refused, or it is not clear whether there is a batch now.</exception>
    internal async Task<BatchJob> CreateAsync(string name, string inputFileId, CancellationToken cancellationToken)
    {
        var request = new BatchRequest { Endpoint = Endpoint, InputFileId = inputFileId, CompletionWindow = Window };
        var call = new Call($"Creating the batch {name}", "POST /batches") { MayRepeat = false };
        var body = await _policy.SendAsync(
            call, t => _api.CreateBatchAsync(request, t), b => string.IsNullOrEmpty(Created(b)?.Id) ? "it has no batch id" : null, cancellationToken);
        if (body.TryGetProperty("warning", out var warning) && warning.ValueKind == JsonValueKind.String && warning.GetString() is { Length: > 0 } words)
        {
            _logger.LogWarning("Batch {Name}: the provider warns: {Warning}", name, _options.Redact(words));
        }

        return Created(body)!;
    }

    /// <summary>Reads a line of an output or error file.</summary>
    internal BatchReply Read(ReadOnlySpan<byte> line)
    {
        BatchOutputLine? read;
        try
        {
            read = JsonSerializer.Deserialize(_options.Redact(System.Text.Encoding.UTF8.GetString(line)), WireJson.Default.BatchOutputLine);
        }
        catch (JsonException)
        {
            read = null;
        }

        if (read?.CustomId is not { } id)
        {
            return new BatchReply(null, null, null, "the line has no custom_id");
        }

        if (read.Response is not { } response)
        {
            // Neither an answer nor an error says nothing of what became of the call.
            return new BatchReply(id, null, null, Words(read.Error)) { MayBeBilled = read.Error.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null };
        }

        if (response.StatusCode is { } status and not 200)
        {
            return new BatchReply(id, null, (int)status, $"HTTP {(int)status}: \"{Words(response.Body)}\"");
        }

        try
        {
            var completion = response.Body.Deserialize(WireJson.Default.ChatCompletion);
            var lack = completion is null ? "it is null" : ChatBody.Malformed(completion);
            return lack is null
                ? new BatchReply(id, ChatBody.Read(completion!, _time.GetUtcNow()), null, null)
                : new BatchReply(id, null, null, $"the reply's body is unusable ({lack})") { MayBeBilled = true };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return new BatchReply(id, null, null, "the reply's body cannot be read") { MayBeBilled = true };
        }
    }

    /// <summary>What a provider says of an error, on one line.</summary>
    internal string Words(JsonElement error)
    {
        var words = error.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? ""
            : ErrorBody.Words(error.ValueKind == JsonValueKind.String ? error.GetString() : error.GetRawText(), _options);
        return words.Length > 0 ? words : "the provider gives no reason";
    }

    private static string? Malformed(BatchJob job) => string.IsNullOrEmpty(job.Status) ? "it has no status" : null;

    private static BatchJob? Created(JsonElement body)
    {
        try
        {
            return body.ValueKind != JsonValueKind.Object ? null
                : (body.TryGetProperty("job", out var job) ? job : body).Deserialize(WireJson.Default.BatchJob);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
