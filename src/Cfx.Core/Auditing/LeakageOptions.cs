namespace Cfx.Core.Auditing;

/// <summary>What the search for test contexts in training data reads and writes.</summary>
/// <param name="TestItemsPath">The test side's items.</param>
/// <param name="MaxContexts">How many contexts the test has at most; null for all.</param>
/// <param name="TrainingItemsPath">The training side's items, which rewriting reads; these alone have conversation ids.</param>
/// <param name="TrainingPaths">Every training and validation file of every arm, examples and preference pairs alike.</param>
/// <param name="OutputPath">leakage.json.</param>
public sealed record LeakageOptions(
    string TestItemsPath, int? MaxContexts, string TrainingItemsPath, IReadOnlyList<string> TrainingPaths, string OutputPath);
