using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName(StageTargets.Clean)]
[TaskDescription("Removes generated artifacts; what was paid for only with --include-paid")]
[OptionSections("clean")]
internal sealed class CleanTask(GeneratedFiles files) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var (removed, kept) = await files.RemoveAsync(context.Run.Options.Flag("clean", "include-paid"), context.Cancelled);
        context.Report.Executed(kept == 0
            ? $"{removed} files removed"
            : $"{removed} files removed, {kept} kept because they were paid for (--include-paid removes them)");
    }
}
