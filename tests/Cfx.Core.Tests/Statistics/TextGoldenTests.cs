using System.Text.Json.Nodes;
using Cfx.Core.Auditing;
using Cfx.Core.Conversations;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Statistics;

/// <summary>The reference values of what tells whether two texts are the same, and whether the test's were trained on.</summary>
public sealed class TextGoldenTests
{
    private static IEnumerable<TestCaseData> Cases() => GoldenTests.Read("goldens-texts.json");

    [TestCaseSource(nameof(Cases))]
    public async Task The_reference_number_is_met(JsonObject golden)
    {
        var inputs = golden["inputs"]!.AsObject();
        var actual = (string)golden["kind"]! switch
        {
            "text_hash" => new JsonObject
            {
                ["normalized"] = TextNormaliser.Normalise((string)inputs["text"]!),
                ["sha256"] = TextNormaliser.Hash((string)inputs["text"]!),
            },
            "context_hash" => new JsonObject
            {
                ["sha256"] = ContextHash.Of(inputs["context"]!.AsArray().Select(m => new Message((string)m![0]!, (string)m[1]!))),
            },
            "leakage" => await LeakageAsync(inputs),
            var kind => throw new InvalidOperationException($"Nothing computes {kind}."),
        };

        GoldenTests.Check(golden, (_, _) => actual);
    }

    // Each text is the one question of a conversation, which the filter sees first: it leaves out what has no text.
    private static async Task<JsonObject> LeakageAsync(JsonObject inputs)
    {
        using var folder = new TemporaryFolder();
        foreach (var side in new[] { "test", "train" })
        {
            await new FilterStage(NullLogger.Instance, new RecordingProgress()).RunAsync(
                FilterOptions.ForFolder([folder.WriteLines(side + ".jsonl", inputs[side]!.AsArray().Select(Item))], folder[side]), CancellationToken.None);
        }

        var report = await new LeakageStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
            new LeakageOptions(folder["test/filtered.jsonl"], null, folder["train/filtered.jsonl"], [], folder["leakage.json"]), CancellationToken.None);
        var found = report.Json["overlap"]!["items"]!.AsArray();
        return new JsonObject
        {
            ["overlap_by_id"] = Ids(found.Where(i => IsBy(i, "conversation_id"))),
            ["overlap_by_text"] = Ids(found.Where(i => IsBy(i, "context"))),
            ["overlap_any"] = Ids(found),
            // The report's share is of contexts that are asked, this one of all that were given: without text, and repeated.
            ["overlap_rate"] = (double)report.Overlapping.Count / inputs["test"]!.AsArray().Count,
            ["duplicate_texts_in_test"] = (int)report.Json["test"]!["repeated_contexts"]!,
        };
    }

    private static string Item(JsonNode? given) => new JsonObject
    {
        ["conversation_id"] = (string)given!["id"]!,
        ["category"] = "UR3",
        ["conversation_context"] = new JsonArray(
            Message("user", (string)given["text"]!), Message("assistant", "An answer."), Message("user", "No, that is wrong.")),
    }.ToJsonString();

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static bool IsBy(JsonNode? item, string what) => item!["by"]!.AsArray().Any(b => (string)b! == what);

    private static JsonArray Ids(IEnumerable<JsonNode?> items) => new([.. items.Select(i => (JsonNode)(string)i!["conversation_id"]!)]);
}
