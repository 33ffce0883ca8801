namespace Cfx.Core.Conversations;

/// <summary>What the split reads, writes and draws by.</summary>
/// <param name="Filtered">The filter's kept records.</param>
/// <param name="Split">The assignments (JSONL); read too, when they exist.</param>
/// <param name="TrainingItems">The records of the train and validation sides in file order, each with its "side" (JSONL).</param>
/// <param name="TestItems">The records of the test side, likewise (JSONL).</param>
/// <param name="LeftOut">Items that would join groups of two sides (JSONL).</param>
/// <param name="Summary">Counts, parameters and the split's hash (JSON).</param>
/// <param name="Seed">Seeds the draw.</param>
/// <param name="TestShare">The share of groups for testing, from 0 to below 1.</param>
/// <param name="TrainSplit">The share of the remaining groups for training, above 0 to 1; the rest is for validation.</param>
/// <param name="Redraw">Draws every item anew instead of keeping the assignments that exist.</param>
public sealed record SplitOptions(
    string Filtered,
    string Split,
    string TrainingItems,
    string TestItems,
    string LeftOut,
    string Summary,
    long Seed,
    double TestShare,
    double TrainSplit,
    bool Redraw = false)
{
    /// <summary>The files of a study's folder: filtered.jsonl, split.jsonl, training_items.jsonl, test_items.jsonl, split.left_out.jsonl, split.json.</summary>
    public static SplitOptions ForFolder(string folder, long seed, double testShare, double trainSplit, bool redraw = false) => new(
        Path.Combine(folder, "filtered.jsonl"),
        Path.Combine(folder, "split.jsonl"),
        Path.Combine(folder, "training_items.jsonl"),
        Path.Combine(folder, "test_items.jsonl"),
        Path.Combine(folder, "split.left_out.jsonl"),
        Path.Combine(folder, "split.json"),
        seed,
        testShare,
        trainSplit,
        redraw);
}
