namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>The sections in the order of the page.</summary>
internal static class ReportSections
{
    public static IReadOnlyList<IReportSection> All { get; } =
    [
        new ForestSection(),
        new CautionsSection(),
        new RatingsSection(),
        new ReplicatesSection(),
        new ReliabilitySection(),
        new JudgesSection(),
        new AgreementSection(),
        new LengthSection(),
        new RobustnessSection(),
        new SubgroupsSection(),
        new FlowSection(),
        new OverlapSection(),
        new TrainingSection(),
        new CostSection(),
        new ProvenanceSection(),
        new MethodsSection(),
    ];
}
