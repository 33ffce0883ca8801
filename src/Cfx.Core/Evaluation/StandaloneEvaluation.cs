using Microsoft.Extensions.Logging;

namespace Cfx.Core.Evaluation;

/// <summary>Compares two models by name: both answer the same contexts, then the pairs are judged.</summary>
/// <param name="model">Serves the contestants.</param>
/// <param name="judge">Serves the judge.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="logger">Told how it came out.</param>
public sealed class StandaloneEvaluation(Generation.IChatModel model, Generation.IChatModel judge, IProgressSink progress, ILogger logger)
{
    /// <summary>Writes both models' answers and the evaluation file.</summary>
    /// <param name="contexts">Opens the contexts; called once for each model and must give the same ones.</param>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops; files not yet whole do not appear.</param>
    /// <exception cref="MisuseException">Both contestants have one name.</exception>
    /// <exception cref="StageFailedException">As in the two stages.</exception>
    public async Task<EvaluateSummary> RunAsync(
        Func<IAsyncEnumerable<TestContext>> contexts, StandaloneEvaluationOptions options, CancellationToken cancellationToken)
    {
        if (options.Model1 == options.Model2)
        {
            throw new MisuseException($"--model1 and --model2 are both \"{options.Model1}\"; a comparison needs two models.");
        }

        var folder = Path.GetDirectoryName(options.OutputPath) ?? "";
        var name = Path.GetFileNameWithoutExtension(options.OutputPath);
        var (path1, path2) = (Path.Combine(folder, $"{name}.model1.jsonl"), Path.Combine(folder, $"{name}.model2.jsonl"));
        var respond = new RespondStage(model, progress, logger);
        var contestants = new List<RespondOptions>();
        foreach (var (contestant, path) in (IEnumerable<(string, string)>)[(options.Model1, path1), (options.Model2, path2)])
        {
            var settings = new RespondOptions
            {
                Arm = contestant,
                Settings = options.Answers with { Model = contestant },
                OutputPath = path,
                ExpectedContexts = options.ExpectedContexts,
                Concurrency = options.Concurrency,
                Seed = options.Seed,
            };
            contestants.Add(settings);
        }

        // The two models' answers are independent of each other, so they may be fetched together.
        await options.Ahead("respond", () => contestants.ToAsyncEnumerable().SelectMany(s => RespondStage.Requests(contexts(), s)), cancellationToken);
        foreach (var settings in contestants)
        {
            await respond.RunAsync(contexts(), settings, cancellationToken);
        }

        var evaluate = new EvaluateOptions
        {
            Model1 = options.Model1,
            Model2 = options.Model2,
            Responses1Path = path1,
            Responses2Path = path2,
            OutputPath = options.OutputPath,
            Judge = options.Judge,
            Prompts = options.Prompts,
            Provider = options.Provider,
            ArmsProvider = options.ArmsProvider,
            Cautions = options.Cautions,
            ExpectedPairs = options.ExpectedContexts,
            Concurrency = options.Concurrency,
            Seed = options.Seed,
            WarnFailureRate = options.WarnFailureRate,
            MaxFailureRate = options.MaxFailureRate,
        };
        await options.Ahead("evaluate", () => EvaluateStage.RequestsAsync(evaluate, cancellationToken), cancellationToken);
        return await new EvaluateStage(judge, progress, logger).RunAsync(evaluate, cancellationToken);
    }
}
