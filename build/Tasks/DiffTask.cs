using System.Globalization;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Reporting.Diff;

namespace Cfx.Build.Tasks;

[TaskName("Diff")]
[TaskDescription("Says what changed between a baseline's results and this study's: figures, single verdicts, settings")]
[OptionSections("diff")]
internal sealed class DiffTask : AsyncFrostingTask<StudyContext>
{
    private const int FlipsShown = 10;

    public override async Task RunAsync(StudyContext context)
    {
        var run = context.Run;
        var baseline = run.Options.TextOrNull("diff", "baseline")
            ?? throw new MisuseException("Diff needs a study to compare with: give --baseline=FOLDER, such as results/other-study.");
        var difference = await StudyDiff.CompareAsync(run.Root, run.Full(baseline), run.Layout.ResultsFolder, context.Cancelled);
        var path = Path.Combine(run.Layout.ResultsFolder, "diff.json");
        await AtomicFile.WriteBytesAsync(path, JsonText.Indented(difference.ToJson()), context.Cancelled);
        TextTable.Write(
            context.Console,
            ["Comparison", "Win rate before", "after", "Verdict before", "after", "Items in both", "Outcomes flipped", "Verdicts flipped"],
            [.. difference.Comparisons.Select(c => new[]
            {
                $"{c.Model1} v {c.Model2}", Rate(c.Before), Rate(c.After), c.Before?.Verdict ?? "(none)", c.After?.Verdict ?? "(none)",
                c.Common.ToString(CultureInfo.InvariantCulture), c.OutcomesFlipped.ToString(CultureInfo.InvariantCulture),
                c.VerdictsFlipped.ToString(CultureInfo.InvariantCulture),
            })]);
        foreach (var comparison in difference.Comparisons)
        {
            // Those that came out otherwise first.
            foreach (var flip in comparison.Flips.OrderByDescending(f => f.IsOutcome).Take(FlipsShown))
            {
                context.Console.WriteLine($"{comparison.Model1} v {comparison.Model2}, item {flip.ItemId}: {flip.Before} → {flip.After}");
            }

            if (comparison.Flips.Count > FlipsShown)
            {
                context.Console.WriteLine($"{comparison.Model1} v {comparison.Model2}: {comparison.Flips.Count - FlipsShown} more, see diff.json");
            }
        }

        if (difference.Parameters.Count == 0)
        {
            context.Console.WriteLine("Both were made with the same settings, prompts and split, as far as their results tell.");
        }

        foreach (var parameter in difference.Parameters)
        {
            context.Console.WriteLine($"{parameter.Artifact}: {parameter.Name} {parameter.Before ?? "(none)"} → {parameter.After ?? "(none)"}");
        }

        context.Report.Executed(Path.GetRelativePath(run.Root, path));
    }

    private static string Rate(ComparisonFigures? figures) =>
        figures?.H is { } h ? string.Create(CultureInfo.InvariantCulture, $"{h:0.000} [{figures.Lower:0.000}, {figures.Upper:0.000}]") : "(none)";
}
