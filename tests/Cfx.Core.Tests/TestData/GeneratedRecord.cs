namespace Cfx.TestData;

/// <summary>A generated record and what a reader should make of it.</summary>
/// <param name="Json">One line of JSON.</param>
/// <param name="Category">UR1 to UR5; empty when the record has none.</param>
/// <param name="Awkward">In which way it is unusable; null for a usable one.</param>
/// <param name="IsDuplicate">Whether an earlier record is exactly the same.</param>
public sealed record GeneratedRecord(string Json, string Category, AwkwardKind? Awkward, bool IsDuplicate);
