namespace Cfx.Core.Training;

/// <summary>How many items went where between the split and the training files.</summary>
/// <param name="TrainItems">Items on the split's train side.</param>
/// <param name="ValidationItems">Items on the split's validation side.</param>
/// <param name="NotProcessed">Those of both sides that no method's file holds (a smaller <c>-n</c>).</param>
/// <param name="LeftOutItems">Items that were processed and are in no arm, because at least one method cannot use them.</param>
/// <param name="AboveMaximum">Usable items beyond the most that were asked for.</param>
/// <param name="LeftOut">Why, counted by method and reason; an item may be counted under several methods.</param>
/// <param name="UnknownItems">Records of other items than these, once for each file they stand in: on the test side since, or not in the split.</param>
/// <param name="Arms">The files' sizes by method.</param>
/// <param name="MaxContextTurns">As asked; null keeps all.</param>
public sealed record PrepareSummary(
    int TrainItems,
    int ValidationItems,
    int NotProcessed,
    int LeftOutItems,
    int AboveMaximum,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> LeftOut,
    int UnknownItems,
    IReadOnlyDictionary<string, ArmCounts> Arms,
    int? MaxContextTurns);
