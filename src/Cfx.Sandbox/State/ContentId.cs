using System.Security.Cryptography;
using System.Text;

namespace Cfx.Sandbox.State;

/// <summary>Identifiers that follow from what they stand for, so that the same run gives the same ones.</summary>
internal static class ContentId
{
    /// <summary>The first <paramref name="length"/> hex digits of a hash over the parts; a null part differs from an empty one.</summary>
    public static string Hex(int length, params ReadOnlySpan<string?> parts)
    {
        var joined = new StringBuilder();
        foreach (var part in parts)
        {
            // Lengths keep ("ab", "c") apart from ("a", "bc").
            joined.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return Of(Encoding.UTF8.GetBytes(joined.ToString()))[..length];
    }

    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
