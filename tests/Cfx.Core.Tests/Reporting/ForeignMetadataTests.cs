using Cfx.Core.Reporting;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

/// <summary>Evaluation files that others wrote may say anything in their metadata, and hold texts that were cut within a character.</summary>
public sealed class ForeignMetadataTests
{
    private const string Old = """
        {"conversation_id": "c1", "status": "success", "context": [], "model1_response": "x", "model2_response": "y", "judgment": "A", "winner": "model1", "order": "normal"},
        {"conversation_id": "c2", "status": "success", "context": [], "model1_response": "x", "model2_response": "y", "judgment": "B", "winner": "model2", "order": "reversed"}
        """;

    private const string Own = """
        {"item_id": "i1", "conversation_id": "c1", "outcome": "win"},
        {"item_id": "i2", "conversation_id": "c2", "outcome": "incomplete", "incomplete_cause": "answer_model1", "reason": "model1: cut off"}
        """;

    private static readonly string[] Names =
    [
        "judge", "judges", "judge_agreement", "provider", "providers", "prompts", "split_hash", "seed", "warnings", "warn_incomplete", "planned_pairs",
        "last_reply_at", "schema_version", "model1", "model2", "model", "name", "temperature", "pairs", "arms", @"\ud800",
    ];

    private static readonly string[] Scalars =
        ["null", "true", "0", "-1", "1e999", "9223372036854775807", "0.5", "\"\"", "\"gpt-4\"", "\"sandbox\"", @"""\ud800""", @"""a\nb|`<b>""", "[]", "{}"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("""{"model1": "a", "model2": "b", "judge": "gpt-4"}""")]
    [TestCase("""{"model1": "a", "model2": "b", "judge": 4, "seed": [1], "split_hash": {"x": 1}}""")]
    [TestCase("""{"model1": "a", "model2": "b", "judge": "x", "judge": "gpt-4"}""")]
    [TestCase("""{"model1": "a", "model2": "b", "judge": "\udc00"}""")]
    [TestCase("""{"model1": "a", "model2": "b", "\ud800": 1}""")]
    public async Task Metadata_of_other_types_than_ours_is_read_as_far_as_it_goes(string metadata)
    {
        await RunAsync(metadata, Old);
        await RunAsync(metadata, Own);

        Assert.That(File.ReadAllText(_folder["report.md"]), Does.Contain("a vs b"));
    }

    [TestCase("model1_response")]
    [TestCase("conversation_id")]
    [TestCase("context")]
    [TestCase("category")]
    [TestCase("status")]
    [TestCase("error")]
    [TestCase("reason")]
    [TestCase("winner")]
    [TestCase("judgment_text")]
    [TestCase("\\ud83d")]
    public async Task A_row_with_half_a_character_counts_like_any_other(string field)
    {
        var half = field == "context" ? """[{"role": "user", "content": "half \ud83d"}]""" : """ "half \ud83d" """;
        foreach (var rows in new[] { Old, Own })
        {
            // What is said last counts.
            await RunAsync("""{"model1": "a", "model2": "b"}""", rows.Replace("}", $", \"{field}\": {half}}}", StringComparison.Ordinal));

            Assert.That((int)_folder.Json("analysis.json")["comparisons"]![0]!["n_attempted"]!, Is.EqualTo(2));
        }
    }

    [Test]
    public async Task A_judge_given_by_its_name_alone_is_named_in_the_report()
    {
        await RunAsync("""{"model1": "a", "model2": "b", "judge": "gpt-4"}""", Old);

        Assert.That(File.ReadAllText(_folder["report.md"]), Does.Contain("judge `gpt-4`").And.Contain("models `a` and `b`"));
        Assert.That((string)_folder.Json("analysis.json")["methods"]!, Does.Contain("gpt-4"));
    }

    [Test]
    public async Task No_metadata_makes_the_analysis_crash()
    {
        var analysed = 0;
        foreach (var members in Members(2).ListOf(6).Sample(300))
        {
            var metadata = $$"""{"model1": "a", "model2": "b", {{string.Join(", ", members)}}}""";
            foreach (var rows in (string[])[Old, Own])
            {
                try
                {
                    await RunAsync(metadata, rows);
                    analysed++;
                }
                catch (MisuseException e)
                {
                    Assert.That(e.Message, Does.Contain("file.json").And.Not.Contain("\n"), metadata);
                }
                catch (Exception e)
                {
                    throw new AssertionException($"{metadata}\n{e}", e);
                }
            }
        }

        Assert.That(analysed, Is.GreaterThan(200), "most are read");
    }

    private static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.OneOf(
            Gen.Elements(Scalars),
            Value(depth - 1).ListOf(2).Select(v => $"[{string.Join(", ", v)}]"),
            Members(depth - 1).ListOf(2).Select(m => $"{{{string.Join(", ", m)}}}"));

    private static Gen<string> Members(int depth) => Gen.Elements(Names).SelectMany(name => Value(depth).Select(value => $"\"{name}\": {value}"));

    private Task<AnalyzeSummary> RunAsync(string metadata, string rows) => new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
        new AnalyzeOptions
        {
            StudyName = "old",
            EvaluationPaths = [_folder.Write("file.json", $$"""{"metadata": {{metadata}}, "evaluations": [{{rows}}]}""")],
            AnalysisPath = _folder["analysis.json"],
            ReportPath = _folder["report.md"],
            HtmlReportPath = _folder["report.html"],
            ComparisonsPath = _folder["comparisons.csv"],
            BootstrapReplicates = 0,
        },
        CancellationToken.None);
}
