using System.Globalization;
using Cfx.Core.Spending;
using Cfx.Together.Batch;
using Cfx.Together.Wire;
using Microsoft.Extensions.Logging;
using RestEase;

namespace Cfx.Together;

/// <summary>A provider that speaks the Together wire. One instance serves a whole run: its parts share connections, concurrency and spacing.</summary>
public sealed class TogetherClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpClient _uploads;
    private readonly ITogetherApi _api;
    private readonly CallPolicy _policy;
    private readonly Dispatcher _dispatcher;
    private readonly TimeProvider _time;

    /// <param name="options">How to reach the provider.</param>
    /// <param name="time">For limits and waits.</param>
    /// <param name="logger">Told each attempt that failed.</param>
    /// <param name="stopping">The wish to stop the whole run. Once it is cancelled, paid calls in flight have the options' grace; a call's own
    /// token then only keeps further attempts from being sent, so that a stage that ends early loses nothing that it has bought. Without one
    /// that can be cancelled, each call's own token stands for both.</param>
    /// <exception cref="Core.MisuseException">An option is out of range.</exception>
    public TogetherClient(TogetherOptions options, TimeProvider time, ILogger<TogetherClient> logger, CancellationToken stopping = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        BaseUrl = options.BaseUrl;
        _http = Connection.ForApi(options);
        _uploads = Connection.ForUploads(options);
        _time = time;
        _dispatcher = new Dispatcher(time);
        _api = new RestClient(_http)
        {
            RequestBodySerializer = new WireRequestSerializer(),
            ResponseDeserializer = new WireResponseDeserializer(options),
            FormatProvider = CultureInfo.InvariantCulture,
        }.For<ITogetherApi>();
        _policy = new CallPolicy(options, time, logger, stopping);
        Models = new TogetherModels(_api, _policy);
        Files = new TogetherFiles(_api, _policy, _uploads, options, time, logger);
        Chat = ChatWith(new CallLimits(options.MaxConcurrency, options.Delay), null);
        FineTuning = new TogetherFineTuningService(_api, _policy, Files, Models, options, logger);
        Batches = new TogetherBatches(_api, _policy, options, time, logger);
    }

    /// <summary>Where calls go.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Chat models within the options' limits, unmetered.</summary>
    public TogetherChatModel Chat { get; }

    public TogetherFineTuningService FineTuning { get; }

    public TogetherFiles Files { get; }

    public TogetherModels Models { get; }

    public TogetherBatches Batches { get; }

    /// <summary>Chat models for one stage. All stages share the connections and what the server has shown to bear.</summary>
    /// <param name="limits">The stage's own.</param>
    /// <param name="meter">Asked before every attempt; null where calls cost nothing.</param>
    public TogetherChatModel ChatWith(CallLimits limits, ICallMeter? meter) =>
        new(_api, _policy, Models, new Lane(_dispatcher, limits), meter, _time);

    public void Dispose()
    {
        _http.Dispose();
        _uploads.Dispose();
    }
}
