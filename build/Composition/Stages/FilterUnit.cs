using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;

namespace Cfx.Build.Composition.Stages;

/// <summary>The user's conversations → the usable ones of the categories that the study learns from.</summary>
internal static class FilterUnit
{
    private const int RecipeVersion = 1;

    public static StageUnit Create(StudyRun run)
    {
        var input = run.Full(run.Options.Text("study", "input"));
        var recipe = run.FreeRecipe(
            StageTargets.Filter, RecipeVersion, new Dictionary<string, string>(),
            [new StageInput(input, InputKind.Records)],
            run.Layout.Filtered, run.Layout.FilterRejected, run.Layout.FilterCounts);
        return new StageUnit(recipe, async (_, cancellationToken) =>
        {
            var options = new FilterOptions([Path.GetRelativePath(Environment.CurrentDirectory, input)], run.Layout.Filtered, run.Layout.FilterRejected, run.Layout.FilterCounts)
            {
                Redactor = run.Options.Redactor,
            };
            var summary = await new FilterStage(run.Logger<FilterStage>(), run.Progress).RunAsync(options, cancellationToken);
            return new StageResult(StageCost.None, $"{summary.KeptTotal} of {summary.Read} records kept{(summary.Redacted is { } redacted ? $", {redacted.Values.Sum()} texts redacted" : string.Empty)}");
        });
    }
}
