using Cfx.Core.Statistics.Calibration;

namespace Cfx.Core.Tests.Statistics.Calibration;

public sealed class CalibratorTests
{
    private static readonly CalibrationOptions Small = new()
    {
        Studies = 300,
        BootstrapStudies = 4,
        BootstrapReplicates = 50,
        FreshStudies = 3,
        Sizes = [60],
        TieRates = [0.1],
    };

    private static IEnumerable<TestCaseData> Cells() => Calibrator.Cells(Small).Select(c => new TestCaseData(c).SetArgDisplayNames($"{c.Scenario.Name}, n = {c.N}"));

    [TestCaseSource(nameof(Cells))]
    public void The_number_of_threads_changes_no_figure(CalibrationCell cell)
    {
        var one = Calibrator.RunCell(cell, Small with { Threads = 1 }, CancellationToken.None);
        var several = Calibrator.RunCell(cell, Small with { Threads = 3 }, CancellationToken.None);

        Assert.That(several, Is.EqualTo(one));
        Assert.That(Calibrator.RunCell(cell, Small with { Seed = 5 }, CancellationToken.None), Is.Not.EqualTo(one));
    }

    [TestCaseSource(nameof(Cells))]
    public void Nothing_is_out_of_bounds_without_a_reason(CalibrationCell cell)
    {
        var rows = Calibrator.RunCell(cell.Scenario.Sizes is null ? cell with { N = 200 } : cell, Small with { Studies = 1500 }, CancellationToken.None);

        Assert.That(rows.Where(r => r.Status == "off").Select(r => $"{r.Quantity} {r.Kind}: {r.Value} ± {r.MonteCarloError}, exact {r.Exact}"), Is.Empty);
        Assert.That(rows, Is.Not.Empty);
    }

    [Test]
    public void A_wrong_interval_would_be_noticed()
    {
        var cell = Calibrator.Cells(Small)[0];
        var row = new CalibrationRow(cell, CalibrationKind.Coverage, "too narrow", 20_000, 0, 0.93, 0.0018, 0.95, null, null);

        Assert.That(row.Status, Is.EqualTo("off"));
        Assert.That((row with { Value = 0.951, Exact = 0.96 }).Status, Is.EqualTo("off"));
        Assert.That((row with { Value = 0.951, Exact = 0.96, Reason = "because" }).Status, Is.EqualTo("off"));
        Assert.That((row with { Reason = "because" }).Status, Is.EqualTo("explained"));
        Assert.That((row with { Value = 0.939 }).Status, Is.EqualTo("chance"));
        Assert.That((row with { Kind = CalibrationKind.TypeOneError, Value = 0.06, Nominal = 0.05 }).Status, Is.EqualTo("off"));
        Assert.That((row with { Kind = CalibrationKind.Bias, Value = 0.06, Nominal = 0 }).Status, Is.EqualTo("off"));
    }

    [Test]
    public void The_table_holds_every_quantity_and_ends_its_lines_alike_everywhere()
    {
        var report = new CalibrationReport(Small, Calibrator.RunCell(Calibrator.Cells(Small)[0], Small, CancellationToken.None));
        using var writer = new StringWriter();

        CalibrationTable.Write(report, writer);

        var text = writer.ToString();
        Assert.That(text, Does.Not.Contain("\r").And.Contain("n = 60, ties 0.1"));
        foreach (var row in report.Rows)
        {
            Assert.That(text, Does.Contain($"| {row.Quantity} |"));
        }
    }

    [Test]
    public void A_biased_judge_is_drawn_with_its_bias()
    {
        // 20 points of pull on a judge without noise, between equal arms: first slot 60, second 40, so a bias of 0.1.
        var scenario = new CalibrationScenario("pull", CalibrationDesign.ThreeArms, 0, 0, 0, 0.2, 0);
        var rows = Calibrator.RunCell(new CalibrationCell(scenario, 400, 0), Small with { Studies = 200 }, CancellationToken.None);
        var bias = rows.Single(r => r.Kind == CalibrationKind.Bias && r.Quantity == "first-slot bias");

        Assert.That(bias.Value, Is.Zero.Within(5 * bias.MonteCarloError));
        Assert.That(bias.MonteCarloError, Is.GreaterThan(0));
    }

    [Test]
    public void Interrupting_ends_it()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.That(() => Calibrator.Run(Small, null, stopped.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}
