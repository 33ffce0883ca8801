using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Auditing;

/// <summary>Looks for the test's contexts in everything that training saw.</summary>
/// <remarks>Memory grows with the test set alone: training files are read once, example by example.</remarks>
/// <param name="progress">Told how many examples were read.</param>
/// <param name="logger">Told what was found.</param>
public sealed class LeakageStage(IProgressSink progress, ILogger logger)
{
    private const int SchemaVersion = 1;
    private const int NearShown = 100;
    private const int MostRemembered = 1_000_000;

    // Arms share their contexts: one that was compared needs no second comparison. Forgotten when it grows, which costs time only.
    private readonly HashSet<string> _compared = new(StringComparer.Ordinal);

    /// <summary>Writes leakage.json.</summary>
    /// <exception cref="MisuseException">A file is missing, or a line cannot be read; names it.</exception>
    public async Task<LeakageReport> RunAsync(LeakageOptions options, CancellationToken cancellationToken)
    {
        var test = await TestSide.ReadAsync(options.TestItemsPath, options.MaxContexts, cancellationToken);
        var files = new JsonArray();
        using (var scope = progress.Begin("examples", null))
        {
            var read = 0L;
            var name = Path.GetFileName(options.TrainingItemsPath);
            long count = 0;
            await foreach (var item in FilteredItems.ReadAsync(options.TrainingItemsPath, cancellationToken))
            {
                var place = $"{name}, item {item.ItemId}";
                test.FindConversation(item.ConversationId, place);
                Compare(test, item.Context, place);
                count++;
                scope.Report(++read);
            }

            files.Add((JsonNode)File(name, count));
            foreach (var path in options.TrainingPaths)
            {
                count = 0;
                name = Path.GetFileName(path);
                await foreach (var (place, line) in JsonLines.ReadAsync(path, cancellationToken))
                {
                    Compare(test, TrainingOverlap.Context(line, place), $"{name}, line {++count}");
                    scope.Report(++read);
                }

                files.Add((JsonNode)File(name, count));
            }
        }

        var report = LeakageReport.Of(Json(test, files));
        await AtomicFile.WriteBytesAsync(options.OutputPath, JsonText.Indented(report.Json), cancellationToken);
        foreach (var mark in report.Marks())
        {
            logger.LogWarning("{Mark}", mark);
        }

        return report;
    }

    private void Compare(TestSide test, IReadOnlyList<Message> context, string place)
    {
        test.FindContext(context, place);
        if (context.Count == 0)
        {
            return;
        }

        if (_compared.Count >= MostRemembered)
        {
            _compared.Clear();
        }

        if (_compared.Add(ContextHash.Of(context)))
        {
            test.FindLastMessage(context);
            test.FindNear(context, place);
        }
    }

    private static JsonObject File(string name, long examples) => new() { ["file"] = name, ["examples"] = examples };

    private static JsonObject Json(TestSide test, JsonArray files)
    {
        var overlapping = test.Contexts.Where(c => c.IsOverlapping).ToList();
        var near = test.Contexts.Where(c => c.IsNear).ToList();
        return new JsonObject
        {
            ["schema_version"] = SchemaVersion,
            ["test"] = new JsonObject
            {
                ["contexts"] = test.Contexts.Count,
                ["items"] = test.Items,
                ["repeated_conversations"] = test.RepeatedConversations,
                ["repeated_contexts"] = test.RepeatedContexts,
                ["repeated_last_user_messages"] = test.RepeatedLastMessages,
            },
            ["files"] = files,
            ["overlap"] = new JsonObject
            {
                ["contexts"] = overlapping.Count,
                ["share"] = test.Contexts.Count == 0 ? null : (double)overlapping.Count / test.Contexts.Count,
                ["max_share"] = LeakageReport.MaxShare,
                ["by_conversation_id"] = overlapping.Count(c => c.IsByConversation),
                ["by_context"] = overlapping.Count(c => c.IsByContext),
                ["items"] = new JsonArray([.. overlapping.Select(c => (JsonNode)c.OverlapJson())]),
            },
            ["begins_longer_conversation"] = new JsonObject { ["contexts"] = test.Contexts.Count(c => c.BeginsLonger && !c.IsOverlapping) },
            ["last_user_message"] = new JsonObject { ["contexts"] = test.Contexts.Count(c => c.SharesLastMessage) },
            ["near_duplicates"] = new JsonObject
            {
                ["contexts"] = near.Count,
                ["threshold"] = NearDuplicates.Threshold,
                ["measure"] = $"Jaccard similarity of runs of {NearDuplicates.ShingleLength} characters of the normalised text, estimated from the {NearDuplicates.SketchSize} smallest hashes",
                ["shortest_text"] = NearDuplicates.ShortestText,
                ["pairs"] = new JsonArray([.. near.OrderByDescending(c => c.Similarity).Take(NearShown).Select(c => (JsonNode)c.NearJson())]),
            },
        };
    }
}
