using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Together;
using Cfx.Together.Batch;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Providers;

/// <summary>Sends a stage's calls by batch, as --mode says.</summary>
internal static class BatchPrefetching
{
    /// <summary>Where this checkout remembers its batches.</summary>
    public static string Folder(string root) => Path.Combine(root, ".cfx", "batches");

    /// <summary>How calls are sent.</summary>
    public static BatchMode Mode(OptionValues options) => Enum.Parse<BatchMode>(options.Text("study", "mode"), ignoreCase: true);

    /// <param name="options">The run's options.</param>
    /// <param name="root">The project's folder.</param>
    /// <param name="client">The stage's provider.</param>
    /// <param name="store">Holds the answers.</param>
    /// <param name="origin">As of the stage's own calls.</param>
    /// <param name="terms">Prices, budget, and what becomes of a request before it is sent.</param>
    /// <param name="mayBatchAsync">Whether a model, tuned or not, answers to its own name in a batch; the calls of others stay direct. Asked once for each.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told the calls answered.</param>
    /// <param name="logging">Told what becomes of each batch.</param>
    public static BatchPrefetch Create(
        OptionValues options, string root, TogetherClient client, ResponseStore store, CallOrigin origin, BatchTerms terms,
        Func<string, bool, CancellationToken, Task<bool>> mayBatchAsync, TimeProvider time, IProgressSink progress, ILoggerFactory logging)
    {
        var direct = new HashSet<string>(StringComparer.Ordinal);
        return new BatchPrefetch(
            client,
            store,
            origin with
            {
                ModelIdentity = async (model, cancellationToken) =>
                {
                    var identity = await origin.ModelIdentity(model, cancellationToken);
                    if (!await mayBatchAsync(model, identity is not null, cancellationToken))
                    {
                        direct.Add(model);
                    }

                    return identity;
                },
            },
            new BatchOptions(Folder(root))
            {
                Mode = Mode(options),
                Wait = !options.Flag("study", "no-wait"),
                AutoThreshold = (int)options.WholeNumber("study", "batch-threshold"),
                CheckInterval = TimeSpan.FromSeconds(options.Number("study", "batch-check-interval")),
                Deadline = TimeSpan.FromHours(options.Number("study", "batch-deadline")),
                LostReplyWindow = TimeSpan.FromSeconds(options.Number("study", "lost-reply-window")),
            },
            terms with { MayBatch = model => terms.MayBatch(model) && !direct.Contains(model) },
            time,
            progress,
            logging.CreateLogger<BatchPrefetch>());
    }
}
