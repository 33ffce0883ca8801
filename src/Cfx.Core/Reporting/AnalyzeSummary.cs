namespace Cfx.Core.Reporting;

/// <summary>What the analysis found.</summary>
/// <param name="Analysis">All of it.</param>
/// <param name="Answers">One sentence a comparison, as in the report.</param>
public sealed record AnalyzeSummary(StudyAnalysis Analysis, IReadOnlyList<string> Answers);
