using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Cfx.Core.Conversations;

/// <summary>Short stand-ins for texts that need only be told apart: 128 bits of SHA-256, so that a million records fit into little memory.</summary>
internal static class ContentKey
{
    public static UInt128 Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>A number from 0 to below 1 that depends on the text alone: what a share is drawn by.</summary>
    public static double Share(string text) => (BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A key of a whole conversation: its id and messages, exactly. Lengths keep texts from running into each other.</summary>
    public static UInt128 OfConversation(string id, IEnumerable<Message> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, id);
        foreach (var message in messages)
        {
            Append(hash, message.Role);
            Append(hash, message.Content);
        }

        Span<byte> result = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(result);
        return BinaryPrimitives.ReadUInt128BigEndian(result);
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
