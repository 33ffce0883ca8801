using System.Globalization;
using Cake.Frosting;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Statistics.Calibration;

namespace Cfx.Build.Tasks;

[TaskName("Calibrate")]
[TaskDescription("Simulates studies whose truth is known and measures how often the statistics are right")]
[OptionSections("calibrate")]
internal sealed class CalibrateTask : AsyncFrostingTask<StudyContext>
{
    private const string Output = "results/calibration.md";

    public override async Task RunAsync(StudyContext context)
    {
        var run = context.Run;
        var options = new CalibrationOptions
        {
            Studies = (int)run.Options.WholeNumber("calibrate", "studies"),
            BootstrapReplicates = (int)run.Options.WholeNumber("calibrate", "resamples"),
            Seed = (ulong)run.Options.WholeNumber("calibrate", "seed"),
            Threads = Environment.ProcessorCount,
        };
        var report = await Task.Run(() => Calibrator.Run(options, run.Progress, context.Cancelled), context.Cancelled);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CalibrationTable.Write(report, text);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n'))
        {
            context.Console.WriteLine(line);
        }

        await AtomicFile.WriteTextAsync(run.Full(Output), text.ToString(), context.Cancelled);
        context.Report.Executed(Output);
        if (report.Off.Count > 0)
        {
            throw new StageFailedException(
                $"{report.Off.Count} of {report.Rows.Count} figures are out of bounds without a reason; they are marked ! in {Output}.");
        }
    }
}
