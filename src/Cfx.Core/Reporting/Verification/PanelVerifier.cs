using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting.Verification;

/// <summary>Derives the majority of several judges anew from each judge's own file.</summary>
internal static class PanelVerifier
{
    /// <returns>One line a fault, in the judges' files or in what the majority's makes of them.</returns>
    public static async Task<IReadOnlyList<string>> VerifyAsync(
        string path, string name, List<JsonObject> judges, IReadOnlyList<string>? generators, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var shown = name.LastIndexOf('/') is >= 0 and var end ? name[..(end + 1)] : string.Empty;
        var files = new List<(string Judge, string Path)>();
        foreach (var judge in judges)
        {
            var file = RecordFields.Text(judge, "file") ?? string.Empty;
            var full = Path.GetFullPath(file, folder);
            files.Add((RecordFields.Text(judge, "model") ?? string.Empty, full));
            if (!File.Exists(full))
            {
                faults.Add($"{name}: the file of the judge {files[^1].Judge}, {file}, is missing");
                continue;
            }

            faults.AddRange(await EvaluationVerifier.VerifyAsync(full, shown + file, generators, cancellationToken));
        }

        if (files.TrueForAll(f => File.Exists(f.Path)))
        {
            faults.AddRange(await MajorityAsync(path, name, files, cancellationToken));
        }

        return faults;
    }

    private static async Task<List<string>> MajorityAsync(
        string path, string name, List<(string Judge, string Path)> files, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var readers = files.ConvertAll(f => new EvaluationFileReader(f.Path));
        var agreement = new PanelAgreement([.. files.Select(f => f.Judge)]);
        var stored = new EvaluationFileReader(path);
        var faulty = 0;
        try
        {
            await using var told = stored.ReadWholeAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            await foreach (var row in JudgePanel.RowsAsync(readers, files, agreement, new ComparisonTally(), cancellationToken))
            {
                if (!await told.MoveNextAsync())
                {
                    return [.. faults, $"{name}: it has fewer pairs than its judges' files"];
                }

                var wrong = row.Select(f => f.Key).Union(told.Current.Select(f => f.Key), StringComparer.Ordinal)
                    .FirstOrDefault(key => !JsonFiguresComparison.AreSame(row[key], told.Current[key]));
                if (wrong is not null && ++faulty <= EvaluationVerifier.RowsShown)
                {
                    faults.Add($"{name}: item {RecordFields.Text(row, "item_id")}: \"{wrong}\" is not what the judges' files give");
                }
            }

            if (await told.MoveNextAsync())
            {
                faults.Add($"{name}: it has more pairs than its judges' files");
            }
        }
        catch (MisuseException e)
        {
            return [.. faults, e.Message];
        }

        if (faulty > EvaluationVerifier.RowsShown)
        {
            faults.Add($"{name}: {faulty - EvaluationVerifier.RowsShown} more items like these");
        }

        return [.. faults, .. EvaluationVerifier.Figures(name, "metadata", stored.Metadata, JudgePanel.Told(readers, files, path, agreement))];
    }
}
