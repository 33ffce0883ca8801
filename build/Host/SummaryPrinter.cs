using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting.Internal;

namespace Cfx.Build.Host;

/// <summary>The engine's report as a table for people: each target with how long it took and what became of it.</summary>
public sealed class SummaryPrinter(HostConsole console, RunReport outcomes, TaskGraph graph, Verbosity verbosity) : ICakeReportPrinter
{
    private const int Green = 32;
    private const int Yellow = 33;
    private const int Red = 31;
    private const int Grey = 90;

    public void Write(CakeReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (verbosity == Verbosity.Quiet)
        {
            return;
        }

        var rows = Rows(report);
        if (rows.Count == 0)
        {
            return;
        }

        var width = Math.Max("Target".Length, rows.Max(r => r.Target.Length));
        console.WriteLine();
        console.WriteLine($"{"Target".PadRight(width)}  {"Duration",10}  Status");
        console.WriteLine($"{new string('-', width)}  {new string('-', 10)}  {new string('-', 10)}");
        foreach (var (target, duration, outcome) in rows)
        {
            console.WriteLine($"{target.PadRight(width)}  {duration,10}  {console.Colour(outcome.ToString(), ColourOf(outcome.Status))}");
        }

        var total = report.Aggregate(TimeSpan.Zero, (sum, entry) => sum + entry.Duration);
        console.WriteLine($"{"Total".PadRight(width)}  {ConsoleProgress.Span(total),10}");
    }

    public void WriteStep(string name, Verbosity verbosity)
    {
        // A task without work of its own has nothing to put under a heading.
        if (graph.Catalog.Find(name) is not { HasWork: false })
        {
            WriteHeading(name, verbosity);
        }
    }

    public void WriteLifeCycleStep(string name, Verbosity verbosity) => WriteHeading(name, Verbosity.Verbose);

    public void WriteSkippedStep(string name, Verbosity verbosity) => WriteHeading($"{name} (skipped)", verbosity);

    private static int ColourOf(TargetStatus status) => status switch
    {
        TargetStatus.Executed => Green,
        TargetStatus.Failed => Red,
        TargetStatus.Pending or TargetStatus.Stopped or TargetStatus.WouldRun => Yellow,
        _ => Grey,
    };

    private void WriteHeading(string name, Verbosity needed)
    {
        if (verbosity >= needed && verbosity >= Verbosity.Normal)
        {
            console.WriteLine(console.Colour(name, 36));
        }
    }

    private List<(string Target, string Duration, TargetOutcome Outcome)> Rows(CakeReport report)
    {
        var rows = new List<(string, string, TargetOutcome)>();
        var settled = new List<(string Target, TargetOutcome Outcome)>();
        foreach (var entry in report)
        {
            if (entry.Category != CakeReportEntryCategory.Task)
            {
                if (verbosity >= Verbosity.Verbose)
                {
                    rows.Add((entry.TaskName, ConsoleProgress.Span(entry.Duration), new TargetOutcome(TargetStatus.Executed)));
                }

                continue;
            }

            var outcome = OutcomeOf(entry, graph.Catalog.Find(entry.TaskName), settled);
            settled.Add((entry.TaskName, outcome));
            var took = entry.ExecutionStatus == CakeTaskExecutionStatus.Skipped ? "-" : ConsoleProgress.Span(entry.Duration);
            rows.Add((entry.TaskName, took, outcome));
        }

        return rows;
    }

    private TargetOutcome OutcomeOf(CakeReportEntry entry, TaskDescriptor? task, List<(string Target, TargetOutcome Outcome)> settled)
    {
        var said = outcomes.Of(entry.TaskName);
        switch (entry.ExecutionStatus)
        {
            case CakeTaskExecutionStatus.Skipped:
                return said is { Status: TargetStatus.Skipped }
                    ? said
                    : new TargetOutcome(TargetStatus.Skipped, entry.SkippedMessage is { Length: > 0 } message ? message : "its condition was not met");
            case CakeTaskExecutionStatus.Failed:
                return said is { Status: TargetStatus.Pending or TargetStatus.Stopped } ? said : new TargetOutcome(TargetStatus.Failed);
            default:
                if (said is not null)
                {
                    return said;
                }

                return task is { HasWork: false }
                    ? OutcomeDeriver.Derive([.. settled.Where(s => graph.Before(task.Name).Contains(s.Target, StringComparer.OrdinalIgnoreCase))])
                    : new TargetOutcome(TargetStatus.Executed);
        }
    }
}
