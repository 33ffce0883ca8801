using System.Globalization;
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
    private readonly Dispatcher _dispatcher;

    /// <exception cref="Core.MisuseException">An option is out of range.</exception>
    public TogetherClient(TogetherOptions options, TimeProvider time, ILogger<TogetherClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        BaseUrl = options.BaseUrl;
        _http = Connection.ForApi(options);
        _uploads = Connection.ForUploads(options);
        _dispatcher = new Dispatcher(options.MaxConcurrency, options.Delay, time);
        var api = new RestClient(_http)
        {
            RequestBodySerializer = new WireRequestSerializer(),
            ResponseDeserializer = new WireResponseDeserializer(options.Key),
            FormatProvider = CultureInfo.InvariantCulture,
        }.For<ITogetherApi>();
        var policy = new CallPolicy(options, _dispatcher, time, logger);
        Models = new TogetherModels(api, policy);
        Files = new TogetherFiles(api, policy, _uploads, options, time, logger);
        Chat = new TogetherChatModel(api, policy, Models, time);
        FineTuning = new TogetherFineTuningService(api, policy, Files, Models);
        Batches = new TogetherBatches(api, policy, options, time, logger);
    }

    /// <summary>Where calls go.</summary>
    public Uri BaseUrl { get; }

    public TogetherChatModel Chat { get; }

    public TogetherFineTuningService FineTuning { get; }

    public TogetherFiles Files { get; }

    public TogetherModels Models { get; }

    public TogetherBatches Batches { get; }

    public void Dispose()
    {
        _http.Dispose();
        _uploads.Dispose();
        _dispatcher.Dispose();
    }
}
