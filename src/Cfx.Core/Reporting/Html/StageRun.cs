using Cfx.Core.Artifacts;

namespace Cfx.Core.Reporting.Html;

/// <summary>One artifact's manifest.</summary>
internal sealed record StageRun(Manifest Manifest)
{
    private static readonly string[] Order = ["Filter", "Split", "Process", "Prepare", "FineTune", "Respond", "Evaluate", "Audit"];

    public string Name => Manifest.Parameters.TryGetValue("arm", out var arm) && Manifest.Stage is "Respond"
        ? $"{Manifest.Stage} · {arm}"
        : Manifest.Stage;

    /// <summary>The manifests below some folders, in the order in which the stages come. The analysis's own is not among them: it is older than
    /// the report that is being made.</summary>
    public static async Task<IReadOnlyList<StageRun>> LoadAsync(IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        const string Ending = ".manifest.json";
        var runs = new List<(StageRun Run, string Path)>();
        foreach (var path in folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*" + Ending, SearchOption.AllDirectories)))
        {
            if (await Manifest.TryReadAsync(path[..^Ending.Length], cancellationToken) is { } manifest && manifest.Stage != "Analyze")
            {
                runs.Add((new StageRun(manifest), path));
            }
        }

        return [.. runs.OrderBy(r => Place(r.Run.Manifest.Stage)).ThenBy(r => r.Path, StringComparer.Ordinal).Select(r => r.Run)];
    }

    private static int Place(string stage)
    {
        var place = Array.FindIndex(Order, o => stage.StartsWith(o, StringComparison.Ordinal));
        return place < 0 ? Order.Length : place;
    }
}
