using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;
using Cfx.Core.Generation;
using Cfx.Core.Reporting;
using Cfx.Core.Tests;
using Cfx.Sandbox;
using Cfx.Sandbox.Models;
using Cfx.TestData;
using Cfx.Together;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Contract.Tests.Judging;

/// <summary>The answers of two of the sandbox's models to generated contexts, judged over the wire by its judge with one bias or another. Every
/// step is the product's: filtering, answering, judging in both orders, analysing.</summary>
/// <param name="contexts">How many.</param>
internal sealed class PositionBiasStudy(int contexts) : IAsyncDisposable
{
    private static readonly JudgeSettings Judge = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<double> _gaps = [];

    private string Filtered => _folder["filtered/filtered.jsonl"];

    /// <summary>Has both models answer, and learns from the judge's own rewards how far apart each two answers are.</summary>
    public async Task AnswerAsync()
    {
        // Three quarters of what is generated are of a category that is used.
        var generator = new ConversationGenerator(new ConversationGeneratorOptions((contexts * 3 / 2) + 100, 20, 0, 0, 0, 0));
        await generator.WriteAsync(_folder["conversations.jsonl"]);
        await new FilterStage(NullLogger.Instance, new RecordingProgress()).RunAsync(
            FilterOptions.ForFolder([_folder["conversations.jsonl"]], _folder["filtered"]), CancellationToken.None);
        await WithServerAsync(0, async client =>
        {
            foreach (var model in new[] { BaseModels.Large, BaseModels.Small })
            {
                await new RespondStage(client.Chat, new RecordingProgress(), NullLogger.Instance).RunAsync(
                    TestContexts.FromItemsAsync(FilteredItems.ReadAsync(Filtered, CancellationToken.None), contexts, CancellationToken.None),
                    new RespondOptions { Arm = Name(model), Settings = new GenerationSettings(model, 0.7, 0.9, 500), OutputPath = Answers(model) },
                    CancellationToken.None);
            }
        });

        using var stream = File.OpenRead(Directory.GetFiles(_folder["state/cache"], "reward-*.model").Single());
        var reward = RewardModel.Load(stream);
        foreach (var (first, second) in Read(BaseModels.Large).Zip(Read(BaseModels.Small)))
        {
            Assert.That(second.Context.ItemId, Is.EqualTo(first.Context.ItemId));
            _gaps.Add(reward.Score(first.Context.Context, first.Response) - reward.Score(first.Context.Context, second.Response));
        }
    }

    /// <summary>What the first slot wins beyond one half of these pairs, ties counting half, when this reward is added to it: from the judge's
    /// rewards and the normal noise that it is known to have, without asking it.</summary>
    /// <param name="reward">The judge's setting.</param>
    public double TrueBias(double reward) => _gaps.Average(gap => (Credit(gap + reward) + Credit(-gap + reward)) / 2) - 0.5;

    /// <summary>The setting that makes a bias.</summary>
    /// <param name="bias">From 0 to below 0.5.</param>
    public double RewardFor(double bias)
    {
        double low = 0, high = 100;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = TrueBias(middle) < bias ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Has all pairs judged, and returns what the analysis says of the comparison.</summary>
    /// <param name="reward">The judge's position bias.</param>
    public async Task<JsonNode> JudgeAsync(double reward)
    {
        var evaluation = _folder["evaluation.json"];
        await WithServerAsync(reward, client => new EvaluateStage(client.Chat, new RecordingProgress(), NullLogger.Instance).RunAsync(
            new EvaluateOptions
            {
                Model1 = Name(BaseModels.Large),
                Model2 = Name(BaseModels.Small),
                Responses1Path = Answers(BaseModels.Large),
                Responses2Path = Answers(BaseModels.Small),
                OutputPath = evaluation,
                Judge = new GenerationSettings(BaseModels.Judge, 0, 1, 500),
                Prompts = JudgePrompts.Load(Prompts()),
                Provider = "sandbox",
            },
            CancellationToken.None));
        await new AnalyzeStage(new RecordingProgress(), NullLogger.Instance).RunAsync(
            new AnalyzeOptions
            {
                StudyName = "bias",
                EvaluationPaths = [evaluation],
                AnalysisPath = _folder["analysis.json"],
                ReportPath = _folder["report.md"],
                BootstrapReplicates = 0,
            },
            CancellationToken.None);
        return _folder.Json("analysis.json")["comparisons"]![0]!;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The chance that the judge names slot A, and half of that of a tie: its noise is normal, and within the margin it calls a tie.</summary>
    private static double Credit(double difference) =>
        (Below((difference - Judge.TieMargin) / Judge.Noise) + Below((difference + Judge.TieMargin) / Judge.Noise)) / 2;

    private static double Below(double z) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, z);

    private async Task WithServerAsync(double reward, Func<TogetherClient, Task> use)
    {
        // One state folder: the base models are trained once.
        var options = new SandboxOptions
        {
            StateFolder = _folder["state"],
            Judge = new SandboxJudgeOptions { PositionBias = reward, Noise = Judge.Noise, TieMargin = Judge.TieMargin },
        };
        await using var server = await SandboxServer.StartAsync(options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        using var client = new TogetherClient(
            new TogetherOptions("sandbox", new Uri(server.BaseUrl), new ApiKey("any-key-0123456789")), TimeProvider.System, NullLogger<TogetherClient>.Instance);
        await use(client);
    }

    private IEnumerable<ResponseRecord> Read(string model) =>
        File.ReadLines(Answers(model)).Select(line => ResponseRecord.Parse(JsonNode.Parse(line)!.AsObject(), model));

    private string Answers(string model) => _folder[Name(model) + ".jsonl"];

    private static string Name(string model) => model.Split('/')[^1];

    private static string Prompts([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "prompts");
}
