namespace Cfx.Core.Training;

/// <summary>How many records of one file became training examples.</summary>
/// <param name="Records">Records read; fewer than the file holds when enough were found.</param>
/// <param name="Counts">The files' sizes.</param>
/// <param name="LeftOutRecords">Records that could not be used.</param>
/// <param name="LeftOut">Why, counted by reason.</param>
public sealed record StandaloneSummary(int Records, ArmCounts Counts, int LeftOutRecords, IReadOnlyDictionary<string, int> LeftOut);
