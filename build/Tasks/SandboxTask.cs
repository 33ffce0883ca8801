using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;
using Cfx.Sandbox;

namespace Cfx.Build.Tasks;

[TaskName("Sandbox")]
[TaskDescription("Serves the sandbox's models on a port of this machine until Ctrl-C, for any Together or OpenAI client")]
[OptionSections("sandbox")]
internal sealed class SandboxTask : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var settings = SandboxSettings.From(context.Run.Options, context.Run.Root);
        await using var server = await SandboxServer.StartAsync(settings, context.Run.Time, context.Run.Logger<SandboxServer>(), context.Cancelled);
        context.Console.WriteLine($"The sandbox serves {server.BaseUrl} (any key will do; state in {settings.StateFolder}). Ctrl-C ends it.");
        if (settings.IsRehearsal)
        {
            context.Console.WriteLine(
                $"It poses as a paid provider: TOGETHER_API_KEY=any TOGETHER_BASE_URL={server.BaseUrl} ./build.sh --target=Study --provider=together. "
                + "Nothing is really paid; what would be billed stands in /sandbox/ledger.");
        }

        var ended = new TaskCompletionSource();
        await using (context.Cancelled.Register(ended.SetResult))
        {
            await ended.Task;
        }

        context.Report.Executed("ended by Ctrl-C");
    }
}
