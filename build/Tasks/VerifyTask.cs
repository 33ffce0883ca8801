using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;
using Cfx.Core;

namespace Cfx.Build.Tasks;

[TaskName("Verify")]
[TaskDescription("Recomputes the analysis from the stored judgments and checks every manifest against its files")]
[OptionSections("study")]
internal sealed class VerifyTask(StudyVerification verification) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var (seen, faults) = await verification.RunAsync(context.Cancelled);
        foreach (var fault in faults)
        {
            context.Console.WriteLine($"{context.Console.Colour("differs", 31)}  {fault}");
        }

        context.Report.Executed($"{seen}: {(faults.Count == 0 ? "all as they should be" : $"{faults.Count} differences")}");
        if (faults.Count > 0)
        {
            throw new StageFailedException(
                $"{faults.Count} {(faults.Count == 1 ? "thing is" : "things are")} not as the files say; see the list above. Run the targets that made them again, or restore the files.");
        }
    }
}
