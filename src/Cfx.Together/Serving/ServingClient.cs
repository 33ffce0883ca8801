using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cfx.Together.Wire.Serving;
using Microsoft.Extensions.Logging;
using RestEase;

namespace Cfx.Together.Serving;

/// <summary>The connections to a provider's serving APIs.</summary>
public sealed class ServingClient : IDisposable
{
    private const int MostPages = 200;
    private readonly List<IDisposable> _parts = [];
    private readonly CallPolicy _endpointsPolicy;
    private readonly CallPolicy _deploymentsPolicy;

    /// <exception cref="Core.MisuseException">An option or address is out of range.</exception>
    public ServingClient(TogetherOptions options, ServingAddresses addresses, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(addresses);
        Time = time;
        Logger = logger;
        (Endpoints, _endpointsPolicy) = Connect<IEndpointsApi>(options with { BaseUrl = addresses.Api }, EndpointsJson.Default);
        (Deployments, _deploymentsPolicy) = Connect<IDeploymentsApi>(options with { BaseUrl = addresses.Deployments }, DeploymentsJson.Default);
    }

    internal IEndpointsApi Endpoints { get; }

    internal IDeploymentsApi Deployments { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    public void Dispose() => _parts.ForEach(p => p.Dispose());

    internal Task<T> SendAsync<T>(
        ServingWay way, Call call, Func<CancellationToken, Task<Response<T>>> send, Func<T, string?>? malformed, CancellationToken cancellationToken) =>
        Policy(way).SendAsync(call, send, malformed, cancellationToken);

    /// <summary>Sends a call whose reply's body does not matter.</summary>
    internal Task SendAsync(ServingWay way, Call call, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var policy = Policy(way);
        return policy.RunAsync(call, async token =>
        {
            using var response = await send(token);
            policy.RequireSuccess(response, await response.Content.ReadAsStringAsync(token));
            return true;
        }, cancellationToken);
    }

    /// <summary>Reads a list in any of the API's envelopes, with all its pages; what cannot be read is passed over.</summary>
    internal Task<IReadOnlyList<T>> ListAsync<T>(
        ServingWay way, Call call, Func<string?, CancellationToken, Task<Response<JsonElement>>> send, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => PagesAsync(way, call, send, WireList.Malformed, body => WireList.Read(body, type), cancellationToken);

    /// <summary>Reads a list of what costs money, with all its pages.</summary>
    /// <param name="way">The API.</param>
    /// <param name="call">What it is.</param>
    /// <param name="send">Asks for the page after a mark; null for the first.</param>
    /// <param name="type">The elements' form.</param>
    /// <param name="lack">What an element lacks to be told from others; null when nothing.</param>
    /// <param name="isWhole">Whether something is looked for in it before it would be made: then an element that cannot be read makes the list
    /// unusable, since it may be the one. Otherwise it is left out with a warning.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task<IReadOnlyList<T>> ListAsync<T>(
        ServingWay way, Call call, Func<string?, CancellationToken, Task<Response<JsonElement>>> send, JsonTypeInfo<T> type, Func<T, string?> lack, bool isWhole,
        CancellationToken cancellationToken)
        where T : class => PagesAsync(
            way, call, send, isWhole ? WireList.Whole(type, lack) : WireList.Malformed, body => WireList.Readable(body, type, lack, call.What, Logger), cancellationToken);

    private async Task<IReadOnlyList<T>> PagesAsync<T>(
        ServingWay way, Call call, Func<string?, CancellationToken, Task<Response<JsonElement>>> send, Func<JsonElement, string?> malformed,
        Func<JsonElement, IEnumerable<T>> read, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var from = after;
            var body = await SendAsync(way, call, t => send(from, t), malformed, cancellationToken);
            items.AddRange(read(body));
            after = Next(body);
            if (after is null || after == from)
            {
                break;
            }
        }

        return items;
    }

    private static string? Next(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && (body.TryGetProperty("next_cursor", out var next) || body.TryGetProperty("nextCursor", out next))
        && next.ValueKind == JsonValueKind.String && next.GetString() is { Length: > 0 } text ? text : null;

    private CallPolicy Policy(ServingWay way) => way == ServingWay.Deployment ? _deploymentsPolicy : _endpointsPolicy;

    private (T Api, CallPolicy Policy) Connect<T>(TogetherOptions options, JsonSerializerContext context)
        where T : class
    {
        options.Validate();
        var http = Connection.ForApi(options);
        _parts.Add(http);
        var api = new RestClient(http)
        {
            RequestBodySerializer = new ContextRequestSerializer(context),
            ResponseDeserializer = new ContextResponseDeserializer(context, options),
            FormatProvider = CultureInfo.InvariantCulture,
        }.For<T>();
        // What runs must be stopped on every way out, also after a wish to stop the run.
        return (api, new CallPolicy(options, Time, Logger, CancellationToken.None));
    }
}
