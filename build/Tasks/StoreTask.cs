using Cake.Frosting;
using Cfx.Build.Composition;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Together.Store;

namespace Cfx.Build.Tasks;

[TaskName("Store")]
[TaskDescription("Shows the stored answers with their tokens and price; verifies, exports, imports and prunes them")]
[OptionSections("store")]
internal sealed class StoreTask : AsyncFrostingTask<StudyContext>
{
    public override async Task RunAsync(StudyContext context)
    {
        var options = context.Run.Options;
        var file = StoreFile.Options(context.Run.Root);
        var import = options.TextOrNull("store", "import");
        if (!File.Exists(file.Path) && import is null)
        {
            context.Report.Executed("no answer is stored yet");
            return;
        }

        using var store = StoreMaintenance.Open(file, context.Run.Logger<StoreMaintenance>());
        var notes = new List<string>();
        if (options.Flag("store", "verify"))
        {
            Verify(context, store, file.Path);
            notes.Add("in order");
        }

        if (import is not null)
        {
            notes.Add(Import(context, store, context.Run.Full(import)));
        }

        if (options.Flag("store", "retry"))
        {
            notes.Add($"{StoreReport.Count(store.ForgetFailures())} requests without a reply may be asked again");
        }

        // What is thrown away next is in the file.
        if (options.TextOrNull("store", "export") is { } export)
        {
            var written = await store.ExportAsync(context.Run.Full(export), context.Cancelled);
            notes.Add($"{StoreReport.Count(written)} answers written to {export}");
        }

        var days = options.WholeNumberOrNull("store", "prune-days");
        var study = options.TextOrNull("store", "prune-study");
        if (days is not null || study is not null)
        {
            var removed = store.Prune(days is { } d ? context.Run.Time.GetUtcNow().AddDays(-d) : null, study);
            notes.Add($"{StoreReport.Count(removed)} answers thrown away");
        }

        var summary = store.Summarize();
        StoreReport.Write(context.Console, Path.GetRelativePath(context.Run.Root, file.Path), summary);
        StoreReport.Write(context.Console, store.Spending());
        notes.Insert(0, $"{StoreReport.Count(summary.Answers)} answers, {StoreReport.Size(summary.Bytes)}");
        context.Report.Executed(string.Join("; ", notes));
    }

    private static void Verify(StudyContext context, StoreMaintenance store, string path)
    {
        var findings = store.Verify(context.Cancelled);
        foreach (var finding in findings)
        {
            context.Console.WriteLine($"damaged: {finding}");
        }

        if (findings.Count > 0)
        {
            throw new StageFailedException(
                $"The response store '{path}' is damaged; see the list above. Nothing was removed: export what can be read, or put a copy in its place.");
        }
    }

    private static string Import(StudyContext context, StoreMaintenance store, string path)
    {
        var result = store.Import(path, context.Cancelled);
        foreach (var key in result.Conflicts)
        {
            context.Console.WriteLine($"kept, though the file has another answer: {key}");
        }

        return $"{StoreReport.Count(result.Added)} answers added, {StoreReport.Count(result.Known)} were there, "
            + $"{StoreReport.Count(result.Conflicts.Count)} were there with another reply and stayed";
    }
}
