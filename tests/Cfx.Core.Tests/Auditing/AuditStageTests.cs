using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Auditing;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Generation.Improvement;
using Cfx.Core.Tests.Generation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Auditing;

public sealed class AuditStageTests
{
    private static readonly JudgePrompts Prompts = JudgePrompts.Load(ProjectFiles.Prompts);
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _folder.WriteLines("feedback.jsonl", Enumerable.Range(0, 60).Select(i => new JsonObject
        {
            ["item_id"] = $"n{i}",
            ["conversation_id"] = $"n{i}",
            ["category"] = "UR3",
            ["conversation_context"] = Messages(("user", $"question {i}"), ("assistant", "right, at last")),
            ["improved"] = true,
            ["status"] = "improved",
            ["original_assistant_response"] = "wrong at first",
        }.ToJsonString()).Append(new JsonObject { ["item_id"] = "d", ["conversation_id"] = "d", ["status"] = "declined", ["improved"] = false }.ToJsonString()));
        _folder.WriteLines("items.jsonl", Enumerable.Range(0, 60).Select(i => new JsonObject
        {
            ["conversation_id"] = $"p{i}",
            ["category"] = i < 50 ? "UR5" : "UR2",
            ["conversation_context"] = Messages(("user", $"liked {i}"), ("assistant", "right from the start"), ("user", "Thanks!")),
        }.ToJsonString()));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task A_judge_that_sees_what_users_saw_sides_with_them()
    {
        var summary = await RunAsync(Fair);
        var json = _folder.Json("audit.json");

        Assert.That(summary.Agreement.Difference, Is.EqualTo(1));
        Assert.That(((long)json["negative"]!["new_preferred"]!, (long)json["positive"]!["original_preferred"]!), Is.EqualTo((20L, 20L)));
        Assert.That((double)json["order"]!["consistency"]!, Is.EqualTo(1));
        Assert.That(((int)json["repeat"]!["asked"]!, (double)json["repeat"]!["noise"]!), Is.EqualTo((4, 0.0)));
        Assert.That(json["warnings"]!.AsArray(), Is.Empty);
        Assert.That(json["pairs"]!.AsArray(), Has.Count.EqualTo(40));
    }

    [Test]
    public async Task It_tells_of_what_data_and_with_which_models_it_was_made()
    {
        await RunAsync(Fair);
        var json = _folder.Json("audit.json");

        Assert.That((string)json["inputs"]!["rewrites_sha256"]!, Is.EqualTo((await ContentHash.OfFileAsync(_folder["feedback.jsonl"], CancellationToken.None))!.Sha256));
        Assert.That((string)json["inputs"]!["items_sha256"]!, Is.EqualTo((await ContentHash.OfFileAsync(_folder["items.jsonl"], CancellationToken.None))!.Sha256));
        Assert.That(json["generator"]!.ToJsonString(), Is.EqualTo("""{"model":"large","temperature":0.3,"top_p":0.9,"max_tokens":100,"provider":"sandbox"}"""));
    }

    [Test]
    public async Task A_judge_that_always_prefers_the_first_answer_agrees_with_nobody_and_is_told_so()
    {
        var summary = await RunAsync(_ => "[[A]]");
        var json = _folder.Json("audit.json");

        Assert.That(summary.Agreement.Difference, Is.Zero);
        Assert.That((double)json["order"]!["first_slot_bias"]!, Is.EqualTo(0.5));
        Assert.That(json["warnings"]!.AsArray().Select(w => (string)w!), Has.Some.Contains("is open").And.Some.Contains("held to its verdict"));
    }

    [Test]
    public async Task What_was_asked_for_ahead_is_what_is_asked_for_and_a_tenth_is_asked_twice_with_another_seed()
    {
        var ahead = new List<ChatRequest>();
        var model = Model(Fair);
        await RunAsync(model, o => o with { Ahead = async (_, requests, token) => ahead.AddRange(await requests().ToListAsync(token)) });

        Assert.That(ahead.Select(RequestText.Of).Order(StringComparer.Ordinal), Is.EqualTo(model.Requests.Select(RequestText.Of).Order(StringComparer.Ordinal)));
        Assert.That(model.Requests.Count(r => r.Model == "judge"), Is.EqualTo((2 * 40) + 4));
        Assert.That(model.Requests.Where(r => r.Model == "judge").GroupBy(r => r.Messages.Single().Content).Count(g => g.Select(r => r.Seed).Distinct().Count() == 2), Is.EqualTo(4));
        Assert.That(model.Requests.Count(r => r.Model == "large"), Is.EqualTo(20));
    }

    [Test]
    public async Task Noise_of_the_judge_shows_in_the_repeats()
    {
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        await RunAsync(Model(r =>
        {
            lock (calls)
            {
                var text = r.Messages.Single().Content;
                calls[text] = calls.GetValueOrDefault(text) + 1;
                return calls[text] == 1 ? Fair(r) : "[[TIE]]";
            }
        }), o => o);

        Assert.That((double)_folder.Json("audit.json")["repeat"]!["noise"]!, Is.EqualTo(1));
    }

    [Test]
    public async Task Alternatives_that_cannot_be_used_are_counted_and_a_larger_sample_holds_the_smaller_one()
    {
        await RunAsync(Fair, size: 20);
        var few = Items();
        await RunAsync(Fair, size: 400);

        Assert.That(few, Is.SubsetOf(Items()));
        Assert.That(Items(), Has.Count.EqualTo(110));
        await RunAsync(new ScriptedModel(r => r.Model == "large" ? ScriptedModel.Reply("cut", ChatOutcome.CutOff) : ScriptedModel.Reply(Fair(r))), o => o);
        Assert.That((int)_folder.Json("audit.json")["unusable_alternatives"]!, Is.EqualTo(20));
        Assert.That((string)_folder.Json("audit.json")["reading"]!, Does.Contain("could not be held"));
    }

    [Test]
    public void Without_feedback_there_is_nothing_to_hold_against()
    {
        _folder.WriteLines("feedback.jsonl", []);
        _folder.WriteLines("items.jsonl", []);

        Assert.That(async () => await RunAsync(Fair), Throws.TypeOf<StageFailedException>().With.Message.Contains("no rewrite"));
    }

    private static string Fair(ChatRequest request)
    {
        var text = request.Messages.Single().Content;
        bool Good(string section) => PromptSections.Read(text, section)!.StartsWith("right", StringComparison.Ordinal);
        return (Good("answer_a"), Good("answer_b")) switch { (true, false) => "[[A]]", (false, true) => "[[B]]", _ => "[[TIE]]" };
    }

    private static JsonArray Messages(params (string Role, string Content)[] messages) =>
        new([.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);

    private static ScriptedModel Model(Func<ChatRequest, string> judge) =>
        new(r => ScriptedModel.Reply(r.Model == "large" ? "another answer" : judge(r)));

    private List<string> Items() => [.. _folder.Json("audit.json")["pairs"]!.AsArray().Select(p => (string)p!["item_id"]!)];

    private Task<AuditSummary> RunAsync(Func<ChatRequest, string> judge, int size = 40) => RunAsync(Model(judge), o => o with { Size = size });

    private Task<AuditSummary> RunAsync(ScriptedModel model, Func<AuditOptions, AuditOptions> change) =>
        new AuditStage(model, model, new RecordingProgress(), NullLogger.Instance).RunAsync(
            change(new AuditOptions
            {
                ProcessedPath = _folder["feedback.jsonl"],
                ItemsPath = _folder["items.jsonl"],
                Alternative = AlternativeMethod.Load(ProjectFiles.Prompts),
                Generator = new GenerationSettings("large", 0.3, 0.9, 100),
                Judge = new GenerationSettings("judge", 0, 1, 100),
                Prompts = Prompts,
                Provider = "sandbox",
                GeneratorProvider = "sandbox",
                OutputPath = _folder["audit.json"],
                Size = 40,
                Seed = 42,
                Concurrency = 4,
            }),
            CancellationToken.None);
}
