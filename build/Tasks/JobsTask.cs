using System.Globalization;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core.Training;

namespace Cfx.Build.Tasks;

[TaskName("Jobs")]
[TaskDescription("Lists the provider's fine-tuning jobs with their status; --cancel=ID or all cancels")]
[OptionSections("jobs", "sandbox")]
internal sealed class JobsTask(ProviderSession providers) : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var service = await providers.FineTuningAsync(context.Cancelled);
        if (context.Run.Options.TextOrNull("jobs", "cancel") is { } wanted)
        {
            await CancelAsync(context, service, wanted);
            return;
        }

        var jobs = await service.ListReadableAsync(context.Cancelled);
        Write(context, jobs.OrderBy(j => j.CreatedAt));
        context.Report.Executed($"{jobs.Count} jobs at {context.Run.Options.Provider}");
    }

    private async Task CancelAsync(StudyContext context, IFineTuningService service, string wanted)
    {
        var records = await JobRecordFolder.ReadAsync(context.Run.Layout.ModelsFolder, providers.Identity, context.Cancelled);
        var jobs = await new JobCancellation(service, context.Run.Logger<JobCancellation>()).RunAsync(wanted, records, context.Cancelled);
        Write(context, jobs);
        context.Report.Executed(jobs.Count == 0
            ? "no job of the study is under way"
            : $"{jobs.Count} jobs cancelled at {context.Run.Options.Provider}; the steps that were finished are billed");
    }

    private static void Write(StudyContext context, IEnumerable<FineTuningJob> jobs)
    {
        string[][] rows =
        [
            .. jobs.Select(j => new[]
            {
                j.Id,
                j.Status,
                j.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
                j.BaseModel ?? "",
                j.OutputModel ?? "",
            }),
        ];
        if (rows.Length > 0)
        {
            TextTable.Write(context.Console, ["Job", "Status", "Created (UTC)", "Base model", "Tuned model"], rows);
        }
    }
}
