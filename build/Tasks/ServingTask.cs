using System.Globalization;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Together.Serving;

namespace Cfx.Build.Tasks;

[TaskName("Serving")]
[TaskDescription("Lists the models that run at the provider, with age and price; --stop-all stops those of this project")]
[OptionSections("serving")]
internal sealed class ServingTask(ProviderSession providers) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        if (!providers.Serving.IsActive)
        {
            context.Report.Executed($"models of {context.Run.Options.Provider} answer by name; nothing runs by the minute");
            return;
        }

        var inventory = await providers.Serving.InventoryAsync(context.Cancelled);
        var faults = new List<string>();
        var note = "";
        if (context.Run.Options.Flag("serving", "stop-all"))
        {
            var (stopped, failed) = await inventory.StopAllAsync(context.Cancelled);
            faults.AddRange(failed);
            note = $"{stopped.Count} stopped; ";
        }

        var all = await inventory.ListAsync(context.Cancelled);
        Write(context, all);
        foreach (var fault in faults)
        {
            context.Console.WriteLine(fault);
        }

        context.Report.Executed($"{note}{all.Count(s => s is { IsOurs: true, MayRun: true })} of this project run, {all.Count(s => s is { IsOurs: false, MayRun: true })} others");
        if (faults.Count > 0)
        {
            throw new StageFailedException($"{faults.Count} could not be stopped and may go on costing money; see above.");
        }
    }

    private static void Write(StudyContext context, IReadOnlyList<ServingStatus> all)
    {
        if (all.Count == 0)
        {
            return;
        }

        var now = context.Run.Time.GetUtcNow();
        TextTable.Write(context.Console, ["Name", "Whose", "Model", "State", "Age", "Price", "Cost so far"],
        [
            .. all.Select(s => new[]
            {
                s.Name,
                s.IsOurs ? "this project" : ServingNames.IsOurs(s.Name) ? "another checkout?" : "other",
                s.Model,
                s.State,
                s.MayRun && s.Since is { } since ? Age(now - since) : "",
                s.PricePerHour is null ? "not known" : ServingStatus.Price(s.PricePerHour),
                s.Cost is null ? "not known" : ServingStatus.Money(s.Cost),
            }),
        ]);
    }

    private static string Age(TimeSpan age) => age < TimeSpan.Zero ? "0 min" : age.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h {age.Minutes} min")
        : string.Create(CultureInfo.InvariantCulture, $"{age.Minutes} min");
}
