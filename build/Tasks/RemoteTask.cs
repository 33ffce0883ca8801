using System.Globalization;
using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Core.Training;
using Cfx.Together;
using Cfx.Together.Batch;

namespace Cfx.Build.Tasks;

[TaskName("Remote")]
[TaskDescription("Lists the files, jobs and models that this project left at the provider; --delete removes what is not needed")]
[OptionSections("remote", "sandbox")]
internal sealed class RemoteTask(ProviderSession providers) : AsyncFrostingTask<StudyContext>
{
    private static readonly string[] TrainingFiles = ["*_training.jsonl", "*_validation.jsonl"];

    public override async Task RunAsync(StudyContext context)
    {
        var run = context.Run;
        var (delete, all) = (run.Options.Flag("remote", "delete"), run.Options.Flag("remote", "all"));
        if (all && !delete)
        {
            throw new MisuseException("--all goes with --delete, and removes everything that this project left at the provider.");
        }

        var files = new TogetherRemoteFiles(await providers.FilesAsync(context.Cancelled));
        var service = await providers.FineTuningAsync(context.Cancelled);
        var records = await JobRecordFolder.ReadAsync(Path.Combine(run.Root, "models"), providers.Identity, context.Cancelled);
        var batches = await BatchFiles.ReadAsync(BatchPrefetching.Folder(run.Root), context.Cancelled);
        var items = RemoteInventory.Find(
            records, Local(run), await files.ListAsync(context.Cancelled), await service.ListReadableAsync(context.Cancelled),
            batches);
        Write(context, items);
        if (!delete)
        {
            context.Report.Executed($"{items.Count} things at {run.Options.Provider}, {items.Count(i => i.Claim is RemoteClaim.Unneeded)} of them needed by no record");
            return;
        }

        var removed = 0;
        foreach (var item in items.Where(i => i.Claim is RemoteClaim.Unneeded || (all && i.Claim is RemoteClaim.Needed)))
        {
            removed += await DeleteAsync(context, files, service, item) ? 1 : 0;
        }

        var kept = items.Count(i => i.Claim is RemoteClaim.UnderWay);
        context.Report.Executed($"{removed} things deleted at {run.Options.Provider}"
            + (all && kept > 0 ? $"; {kept} kept because jobs are under way (--target=Jobs --cancel=all cancels them)" : string.Empty));
    }

    private static async Task<bool> DeleteAsync(StudyContext context, TogetherRemoteFiles files, IFineTuningService service, RemoteItem item)
    {
        try
        {
            switch (item.Kind)
            {
                case "file":
                    await files.DeleteAsync(item.Id, context.Cancelled);
                    break;
                case "job":
                    await service.DeleteAsync(item.Id, context.Cancelled);
                    break;
                default:
                    // A model goes with its job.
                    return false;
            }

            context.Console.WriteLine($"deleted {item.Kind} {item.Id}");
            return true;
        }
        catch (ProviderException e) when (e.StatusCode == 404)
        {
            // Somebody else was faster.
            return false;
        }
        catch (MisuseException e)
        {
            // A provider that keeps its jobs keeps no file from being deleted.
            context.Console.WriteLine($"kept {item.Kind} {item.Id}: {e.Message}");
            return false;
        }
    }

    private static void Write(StudyContext context, IReadOnlyList<RemoteItem> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        var now = context.Run.Time.GetUtcNow();
        TextTable.Write(context.Console, ["What", "Id", "Name", "State", "Size", "Age", "Needed"],
        [
            .. items.Select(i => new[]
            {
                i.Kind,
                i.Id,
                i.Name,
                i.State,
                i.Bytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes") : "",
                i.CreatedAt is { } at ? Age(now - at) : "",
                i.Claim switch
                {
                    RemoteClaim.Needed => "yes",
                    RemoteClaim.UnderWay => "under way",
                    RemoteClaim.Unsure => "perhaps another copy's",
                    _ => "no",
                },
            }),
        ]);
    }

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} hours"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalMinutes)} minutes"),
    };

    private static IReadOnlyList<(string Name, long Bytes)> Local(StudyRun run)
    {
        var folder = Path.Combine(run.Root, "data");
        return !Directory.Exists(folder)
            ? []
            :
            [
                .. TrainingFiles.SelectMany(pattern => Directory.GetFiles(folder, pattern, SearchOption.AllDirectories))
                    .Select(f => (Path.GetFileName(f), new FileInfo(f).Length)),
            ];
    }
}
