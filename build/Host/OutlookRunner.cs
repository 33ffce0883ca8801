using Cake.Frosting.Internal;
using Cfx.Core;

namespace Cfx.Build.Host;

/// <summary>Says what would run, in the order in which it would, and runs nothing.</summary>
public sealed class OutlookRunner(FrostingSession session, TaskGraph graph, HostConsole console)
{
    /// <param name="order">The targets, those before others first.</param>
    /// <param name="explain">A line for each reason instead of one for each target.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <exception cref="MisuseException">Faults that stages found, all of them.</exception>
    public async Task RunAsync(IReadOnlyList<string> order, bool explain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var outlooks = new List<(string Target, StageOutlook Outlook)>();
        var wouldRun = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var faults = new List<MisuseException>();
        foreach (var target in order)
        {
            try
            {
                var outlook = await InspectAsync(target, outlooks, wouldRun, cancellationToken);
                outlooks.Add((target, outlook));
                if (!outlook.UpToDate)
                {
                    wouldRun.Add(target);
                }
            }
            catch (MisuseException e)
            {
                faults.Add(e);
                wouldRun.Add(target);
            }
        }

        if (faults.Count > 0)
        {
            throw new AggregateException(faults);
        }

        Write(outlooks, explain);
    }

    private async Task<StageOutlook> InspectAsync(
        string target,
        List<(string Target, StageOutlook Outlook)> outlooks,
        HashSet<string> wouldRun,
        CancellationToken cancellationToken)
    {
        if (session.Instance(target) is IStageTask stage)
        {
            return await stage.InspectAsync(wouldRun, cancellationToken);
        }

        var before = outlooks.Where(o => graph.Before(target).Contains(o.Target, StringComparer.OrdinalIgnoreCase)).ToList();
        if (graph.Catalog.Find(target)!.HasWork)
        {
            return new StageOutlook(false, ["it runs whenever it is asked for"]);
        }

        var running = before.Where(b => !b.Outlook.UpToDate).Select(b => b.Target).ToList();
        return running.Count > 0 || before.Count == 0
            ? new StageOutlook(false, [running.Count > 0 ? $"{string.Join(", ", running)} would run" : "it runs whenever it is asked for"])
            : new StageOutlook(true, ["all it gathers is"]);
    }

    private void Write(List<(string Target, StageOutlook Outlook)> outlooks, bool explain)
    {
        var width = outlooks.Max(o => o.Target.Length);
        foreach (var (target, outlook) in outlooks)
        {
            if (explain && !outlook.UpToDate)
            {
                console.WriteLine($"{target}: {console.Colour("would run", 33)}");
                foreach (var reason in outlook.Reasons)
                {
                    console.WriteLine($"  - {reason}");
                }

                continue;
            }

            var reasons = string.Join("; ", outlook.Reasons);
            var text = outlook.UpToDate
                ? console.Colour($"up to date ({reasons})", 90)
                : $"{console.Colour("would run", 33)}: {reasons}";
            console.WriteLine(explain ? $"{target}: {text}" : $"{target.PadRight(width)}  {text}");
        }

        var count = outlooks.Count(o => !o.Outlook.UpToDate);
        console.WriteLine();
        console.WriteLine($"{count} of {outlooks.Count} targets would run. Nothing was run now.");
    }
}
