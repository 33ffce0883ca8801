using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cfx.Core.Conversations;

/// <summary>The draw of a group's side: a hash of seed and group, so that no other group has a part in it.</summary>
internal static class SplitDraw
{
    // A double holds 53 bits exactly.
    private const int Bits = 53;

    public static SplitSide Side(UInt128 group, SplitOptions options)
    {
        var u = Uniform(group, options.Seed);
        if (u < options.TestShare)
        {
            return SplitSide.Test;
        }

        return (u - options.TestShare) / (1 - options.TestShare) < options.TrainSplit ? SplitSide.Train : SplitSide.Validation;
    }

    /// <returns>From 0 to below 1.</returns>
    private static double Uniform(UInt128 group, long seed)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"split\n{seed}\n{group:x32}");
        return (BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) >> (64 - Bits)) * (1.0 / (1L << Bits));
    }
}
