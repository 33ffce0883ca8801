namespace Cfx.Together.Store;

/// <summary>What the store holds.</summary>
/// <param name="Bytes">The size of its files.</param>
/// <param name="Answers">Answered calls.</param>
/// <param name="Failures">Requests whose last call got no usable reply.</param>
/// <param name="LastRun">The run that asked last; null when none did.</param>
/// <param name="Spend">By study, stage and model.</param>
public sealed record StoreSummary(long Bytes, long Answers, long Failures, RunCounts? LastRun, IReadOnlyList<SpendLine> Spend);
