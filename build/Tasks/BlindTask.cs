using System.Globalization;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;
using Cfx.Core.Auditing;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Blind)]
[TaskDescription("Writes a sample of pairs for people to judge, arms hidden; with --read, compares their verdicts with the judge's")]
[OptionSections("blind")]
internal sealed class BlindTask : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var run = context.Run;
        var layout = run.Layout;
        string[] evaluations = [.. run.Plan.Comparisons.Select(c => layout.Comparison(c.Model1, c.Model2))];
        if (run.Options.TextOrNull("blind", "read") is { } sheet)
        {
            var reading = await BlindVerdicts.ReadAsync(run.Full(sheet), layout.BlindKey, evaluations, layout.BlindAgreement, context.Cancelled);
            foreach (var warning in reading.Warnings())
            {
                context.Console.WriteLine($"{context.Console.Colour("caution", 33)}  {warning}");
            }

            context.Report.Executed(reading.Judged == 0
                ? "no human labels"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{reading.Judged} pairs judged; people and judge agree on {reading.Agreement.Kappa.Agreement * 100:0.0} % (kappa {reading.Agreement.Kappa.Kappa:0.00}); {Path.GetRelativePath(run.Root, layout.BlindAgreement)}"));
            return;
        }

        var pairs = await BlindSheet.WriteAsync(
            evaluations,
            (int)run.Options.WholeNumber("blind", "size"),
            run.Seed,
            layout.Blind,
            layout.BlindKey,
            context.Cancelled);
        context.Report.Executed($"{pairs} pairs in {Path.GetRelativePath(run.Root, layout.Blind)}; keep {Path.GetFileName(layout.BlindKey)} from those who judge");
    }
}
