using System.Globalization;

namespace Cfx.Core.Conversations;

/// <summary>The draw of a group's side: a hash of seed and group, so that no other group has a part in it.</summary>
internal static class SplitDraw
{
    public static SplitSide Side(UInt128 group, SplitOptions options)
    {
        var u = ContentKey.Share(string.Create(CultureInfo.InvariantCulture, $"split\n{options.Seed}\n{group:x32}"));
        if (u < options.TestShare)
        {
            return SplitSide.Test;
        }

        return (u - options.TestShare) / (1 - options.TestShare) < options.TrainSplit ? SplitSide.Train : SplitSide.Validation;
    }
}
