using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Build.Options;
using Cfx.Core.Generation.Improvement;
using Cfx.Core.Spending;

namespace Cfx.Build.Composition.Planning;

/// <summary>Foresees jobs and deployments.</summary>
/// <param name="run">The study.</param>
/// <param name="calls">Tells prices and tokens.</param>
/// <param name="items">What examples are made of.</param>
/// <param name="times">Tells how long jobs took.</param>
internal sealed class JobForecast(StudyRun run, CallForecast calls, PlanItems items, JobTimes times)
{
    private const double MinutesToStart = 10;

    /// <summary>One arm's job.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="isMade">Whether its model stands.</param>
    /// <param name="isPrepared">Whether its training files stand.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<PlanLine> LineAsync(ArmDefinition arm, bool isMade, bool isPrepared, CancellationToken cancellationToken)
    {
        var values = run.Options.ForArm(arm);
        var model = values.Text("finetune", "model");
        var target = StageTargets.ForArm(arm.Name);
        if (isMade)
        {
            return new PlanLine(target, $"job {arm.Name} on {model}", 0, "the model is there") { Time = TimeSpan.Zero };
        }

        var split = (decimal)values.Number("finetune", "train-split");
        var all = items.ExampleCharacters(arm.Method == PositiveOnlyMethod.MethodName);
        var (training, validation) = isPrepared
            ? (await CharactersAsync(run.Layout.Training(arm.Method), cancellationToken), await CharactersAsync(run.Layout.Validation(arm.Method), cancellationToken))
            : ((long)(all * split), (long)(all * (1 - split)));
        var estimate = calls.TokensOf(model);
        var epochs = values.WholeNumber("finetune", "epochs");
        decimal expected = estimate.Tokens((training * epochs) + (validation * epochs));
        var tokens = (isPrepared ? new PlanRange(0.85m, 1, 1.2m) : new PlanRange(0.7m, 1, 1.4m)).Times(expected);
        var lora = values.Flag("finetune", "lora") && !values.Flag("finetune", "full");
        var price = calls.Prices.Training(model);
        var bytes = isPrepared && File.Exists(run.Layout.Training(arm.Method)) ? new FileInfo(run.Layout.Training(arm.Method)).Length : training;
        var timed = times.Count(model) is > 0 and var count
            ? string.Create(CultureInfo.InvariantCulture, $"time by earlier jobs of the model ({count})")
            : "time not known: no job of the model is on record here, and the provider tells it only of jobs that run";
        return new PlanLine(
            target, $"job {arm.Name} on {model}", 0,
            $"{(isPrepared ? "examples counted" : "examples estimated from the data")}; tokens {estimate.Method}; {epochs} epochs, validation scored {epochs} times; {timed}")
        {
            Time = times.For(model, bytes, epochs),
            TokensIn = tokens,
            Usd = Price(price, tokens, lora),
            BatchUsd = Price(price, tokens, lora),
            PriceSource = calls.Prices.TrainingSourceOf(model) ?? "not known yet: the provider is asked once the training file is uploaded, and the budget holds before the job is created",
        };
    }

    /// <summary>The minutes of deployments, should tuned models need them.</summary>
    /// <param name="answering">The lines of the target that asks them.</param>
    public PlanLine Serving(IEnumerable<PlanLine> answering)
    {
        var due = answering.Where(l => l.NewCalls > 0).ToList();
        var minutes = due.Sum(l => MinutesToStart + (l.Time?.TotalMinutes ?? 0));
        var model = run.Options.Text("finetune", "model");
        var price = calls.Prices.ServingPerMinute(model);
        var range = new PlanRange(0, (decimal)minutes, (decimal)minutes * 2);
        return new PlanLine(
            "Serving", FormattableString.Invariant($"{due.Count} models, about {minutes:0} minutes in all"), 0,
            $"only if the account cannot ask them by name; {MinutesToStart:0} minutes to start each")
        {
            Usd = due.Count == 0 ? PlanRange.Zero : price is { } usd ? range.Times(usd) : null,
            BatchUsd = due.Count == 0 ? PlanRange.Zero : price is { } also ? range.Times(also) : null,
            Time = TimeSpan.FromMinutes(minutes),
            PriceSource = price is null ? "not known yet: the provider tells the price of the hardware it offers" : null,
        };
    }

    private static PlanRange? Price(TrainingPrice? price, PlanRange tokens, bool lora) =>
        price?.For((long)tokens.Low, lora) is { } low && price.For((long)tokens.Expected, lora) is { } expected && price.For((long)tokens.High, lora) is { } high
            ? new PlanRange(low, expected, high) : null;

    private static async Task<long> CharactersAsync(string path, CancellationToken cancellationToken)
    {
        long characters = 0;
        if (File.Exists(path))
        {
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                characters += Characters(JsonNode.Parse(line));
            }
        }

        return characters;
    }

    // Every text of an example, whatever its form.
    private static long Characters(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Where(f => f.Key != "role").Sum(f => Characters(f.Value)),
        JsonArray list => list.Sum(Characters),
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length,
        _ => 0,
    };
}
