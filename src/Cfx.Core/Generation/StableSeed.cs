using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cfx.Core.Generation;

/// <summary>Seeds that follow from the study's seed and what they are for, so that a rerun, another order of work or more items change none.</summary>
public static class StableSeed
{
    /// <summary>64 bits from the hash of seed and parts.</summary>
    /// <param name="seed">The study's seed.</param>
    /// <param name="parts">The purpose, and what it is for, such as an item id.</param>
    public static ulong Derive(long seed, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, seed);
        hash.AppendData(number);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt64LittleEndian(number, bytes.Length);
            hash.AppendData(number);
            hash.AppendData(bytes);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>The same as a seed for a chat request, 0 to 2^31 - 1.</summary>
    public static int ForRequest(long seed, params ReadOnlySpan<string> parts) => (int)(Derive(seed, parts) & int.MaxValue);
}
