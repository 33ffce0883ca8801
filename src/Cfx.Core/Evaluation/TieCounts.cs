namespace Cfx.Core.Evaluation;

/// <summary>A comparison's ties by how they came about.</summary>
/// <param name="Consistent">Both orders said tie.</param>
/// <param name="FlipFirst">Both preferred what stood first.</param>
/// <param name="FlipSecond">Both preferred what stood second.</param>
/// <param name="SoftModel1">One preferred model1, the other said tie.</param>
/// <param name="SoftModel2">One preferred model2, the other said tie.</param>
public sealed record TieCounts(long Consistent, long FlipFirst, long FlipSecond, long SoftModel1, long SoftModel2)
{
    public long Flips => FlipFirst + FlipSecond;

    public long Soft => SoftModel1 + SoftModel2;

    public long Total => Consistent + Flips + Soft;
}
