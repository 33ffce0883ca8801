using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;
using Cfx.Core;

namespace Cfx.Build.Tasks;

[TaskName("Check")]
[TaskDescription("Looks whether data, configuration, key, provider and models are in order, and lists every problem")]
[OptionSections("study", "split", "process", "finetune", "respond", "evaluate", "serving")]
internal sealed class CheckTask(StudyCheckup checkup) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var findings = await checkup.RunAsync(context.Cancelled);
        foreach (var finding in findings)
        {
            var (word, colour) = finding.Kind switch
            {
                FindingKind.Problem => ("problem", 31),
                FindingKind.Caution => ("caution", 33),
                _ => ("ok", 32),
            };
            context.Console.WriteLine($"{context.Console.Colour(word.PadRight(7), colour)}  {finding.Text}");
        }

        var problems = findings.Count(f => f.Kind == FindingKind.Problem);
        context.Report.Executed($"{problems} problems, {findings.Count(f => f.Kind == FindingKind.Caution)} cautions");
        if (problems > 0)
        {
            throw new StageFailedException($"{problems} {(problems == 1 ? "problem stands" : "problems stand")} in the way of a study; see the list above.");
        }
    }
}
