using System.Globalization;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;

namespace Cfx.Build.Tasks;

[TaskName("Jobs")]
[TaskDescription("Lists the provider's fine-tuning jobs with their status")]
[OptionSections("sandbox")]
internal sealed class JobsTask(ProviderSession providers) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var service = await providers.FineTuningAsync(context.Cancelled);
        var jobs = await service.ListAsync(context.Cancelled);
        if (jobs.Count > 0)
        {
            TextTable.Write(context.Console, ["Job", "Status", "Created (UTC)", "Base model", "Tuned model"],
            [
                .. jobs.OrderBy(j => j.CreatedAt).Select(j => new[]
                {
                    j.Id,
                    j.Status,
                    j.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
                    j.BaseModel ?? "",
                    j.OutputModel ?? "",
                }),
            ]);
        }

        context.Report.Executed($"{jobs.Count} jobs at {context.Run.Options.Provider}");
    }
}
