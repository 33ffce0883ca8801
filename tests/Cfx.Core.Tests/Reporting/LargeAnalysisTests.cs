using System.Diagnostics;
using System.Globalization;
using Cfx.Core.Reporting;
using Cfx.Core.Statistics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Reporting;

/// <summary>How long very many comparisons take, and how much memory.</summary>
public sealed class LargeAnalysisTests
{
    private static readonly (string Normal, string Reversed, string Outcome)[] Kinds =
    [
        ("A", "B", "\"win\""), ("B", "A", "\"loss\""), ("TIE", "TIE", "\"tie\",\"tie_kind\":\"consistent\""), ("A", "A", "\"tie\",\"tie_kind\":\"flip_first\""),
    ];

    [TestCase(100_000, 0)]
    [TestCase(100_000, 10_000)]
    [Explicit("A measurement: prints seconds and megabytes.")]
    public async Task A_hundred_thousand_comparisons(int pairs, int replicates)
    {
        using var folder = new TemporaryFolder();
        var path = await WriteAsync(folder, pairs);
        var options = new AnalyzeOptions
        {
            StudyName = "large",
            EvaluationPaths = [path],
            AnalysisPath = folder["analysis.json"],
            ReportPath = folder["report.md"],
            BootstrapReplicates = replicates,
        };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var summary = await new AnalyzeStage(new RecordingProgressOfNothing(), NullLogger.Instance).RunAsync(options, default);
        var held = GC.GetTotalMemory(forceFullCollection: false) - before;

        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{pairs} pairs in {new FileInfo(path).Length / 1e6:0} MB, {replicates} resamples: {watch.Elapsed.TotalSeconds:0.00} s, {held / 1e6:0} MB on the heap at the end, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB at most"));
        Assert.That(summary.Analysis.Comparisons[0].Statistics.N, Is.EqualTo(pairs));
    }

    [Test]
    public async Task What_is_kept_of_a_pair_does_not_grow_with_its_texts()
    {
        using var folder = new TemporaryFolder();
        var (small, large) = (await HeldAsync(folder, 50), await HeldAsync(folder, 5_000));

        Assert.That(large - small, Is.LessThan(4_000_000), "the texts of the larger file have 40,000,000 characters");
    }

    private static async Task<long> HeldAsync(TemporaryFolder folder, int length)
    {
        var path = await WriteAsync(folder, 4_000, length);
        var evidence = new ComparisonEvidence();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await foreach (var (own, _) in new EvaluationFileReader(path).ReadAnyAsync(default))
        {
            evidence.Add(own!, t => t);
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(evidence.Pairs, Has.Count.EqualTo(4_000));
        return held;
    }

    /// <summary>Draws a comparison of ordinary answers; equal seeds give equal files.</summary>
    private static async Task<string> WriteAsync(TemporaryFolder folder, int pairs, int mean = 800)
    {
        var random = new SplitMix64(1);
        var path = folder[$"base_vs_tuned_{pairs}_{mean}.json"];
        await using var writer = new StreamWriter(path);
        await writer.WriteAsync("{\"metadata\":{\"provider\":\"together\",\"model1\":{\"name\":\"base\",\"model\":\"x\"},\"model2\":{\"name\":\"tuned\",\"model\":\"y\"}},\"evaluations\":[\n");
        var text = string.Concat(Enumerable.Repeat("An ordinary answer with some words in it. ", (2 * mean / 40) + 10));
        for (var i = 0; i < pairs; i++)
        {
            var (normal, reversed, outcome) = Kinds[random.NextIndex(Kinds.Length)];
            string one = text[..(1 + random.NextIndex(2 * mean))], two = text[..(1 + random.NextIndex(2 * mean))];
            await writer.WriteAsync(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{{(i == 0 ? "" : ",\n")}}{"item_id":"item-{{i}}","conversation_id":"item-{{i}}","category":"UR{{2 + (i % 2)}}","context":[{"role":"user","content":"{{text[..(1 + random.NextIndex(200))]}}"}],"model1_response":"{{one}}","model2_response":"{{two}}","judgments":[{"order":"normal","verdict":"{{normal}}","status":"judged","text":"Because of this. [[{{normal}}]]","attempts":1},{"order":"reversed","verdict":"{{reversed}}","status":"judged","text":"Because of this. [[{{reversed}}]]","attempts":1}],"outcome":{{outcome}}}"""));
        }

        await writer.WriteAsync("]}\n");
        return path;
    }

    private sealed class RecordingProgressOfNothing : IProgressSink, IProgressScope
    {
        public IProgressScope Begin(string what, long? total) => this;

        public void Report(long done, string? detail = null)
        {
        }

        public void Dispose()
        {
        }
    }
}
