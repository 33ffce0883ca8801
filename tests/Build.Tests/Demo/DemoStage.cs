using Cake.Frosting;
using Cake.Frosting.Internal;
using Cfx.Build.Host;

namespace Build.Tests.Demo;

/// <summary>A stage that is up to date unless an environment variable names it.</summary>
public abstract class DemoStage : AsyncFrostingTask<DemoContext>, IStageTask
{
    private string Name => TaskDescriptor.NameOf(GetType());

    public virtual Task<StageOutlook> InspectAsync(IReadOnlySet<string> wouldRun, CancellationToken cancellationToken) =>
        Task.FromResult(wouldRun.Count > 0
            ? new StageOutlook(false, [$"{wouldRun.Order(StringComparer.Ordinal).First()} would run"])
            : Changed ? new StageOutlook(false, ["epochs 3 → 4"]) : new StageOutlook(true, ["nothing changed"]));

    protected virtual bool Changed => false;

    public override Task RunAsync(DemoContext context)
    {
        context.Ran.Add(Name);
        if (Changed)
        {
            context.Console.WriteLine($"working on {Name}");
            context.Report.Executed("12 items");
        }
        else
        {
            context.Report.UpToDate("nothing changed");
        }

        return Task.CompletedTask;
    }
}
