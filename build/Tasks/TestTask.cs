using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;
using Cfx.Core;

namespace Cfx.Build.Tasks;

[TaskName("Test")]
[TaskDescription("Runs the project's tests, or those of one --area")]
[IsDependentOn(typeof(BuildTask))]
[OptionSections("test")]
internal sealed class TestTask : FrostingTask<StudyContext>
{
    public override void Run(StudyContext context)
    {
        var result = TestRun.Run(context, context.Run.Options.Text("test", "area"));
        context.Console.WriteLine($"{result.Passed} passed, {result.Failed} failed, {result.Skipped} skipped");
        if (result.Failed > 0 || result.Passed == 0)
        {
            throw new StageFailedException(result.Failed > 0
                ? $"{result.Failed} tests failed; their names and messages are above."
                : "No test ran.");
        }

        context.Report.Executed($"{result.Passed} passed, {result.Skipped} skipped");
    }
}
