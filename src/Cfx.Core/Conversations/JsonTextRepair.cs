using System.Text;
using System.Text.Unicode;

namespace Cfx.Core.Conversations;

/// <summary>Makes text of damaged JSON readable: bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD. Nothing else changes.</summary>
internal static class JsonTextRepair
{
    private const int EscapeLength = 6;

    /// <returns>The same bytes when there was nothing to repair.</returns>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        byte[]? repaired = null;
        var at = json.IndexOf((byte)'\\');
        while (at >= 0)
        {
            var length = 2;
            if (UnitAt(json, at) is { } unit)
            {
                length = EscapeLength;
                if (char.IsHighSurrogate(unit) && UnitAt(json, at + EscapeLength) is { } low && char.IsLowSurrogate(low))
                {
                    length = 2 * EscapeLength;
                }
                else if (char.IsSurrogate(unit))
                {
                    repaired ??= json.ToArray();
                    "\\ufffd"u8.CopyTo(repaired.AsSpan(at));
                }
            }

            var next = at + length < json.Length ? json[(at + length)..].IndexOf((byte)'\\') : -1;
            at = next < 0 ? -1 : at + length + next;
        }

        return repaired ?? json;
    }

    /// <summary>The UTF-16 unit that a \uXXXX escape at a place stands for; null when there is no such escape.</summary>
    private static char? UnitAt(ReadOnlySpan<byte> json, int at)
    {
        if (at + EscapeLength > json.Length || json[at] != '\\' || json[at + 1] != 'u')
        {
            return null;
        }

        var unit = 0;
        foreach (var digit in json.Slice(at + 2, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return null;
            }

            unit = (unit << 4) | (char.IsAsciiDigit((char)digit) ? digit - (byte)'0' : (digit | 0x20) - (byte)'a' + 10);
        }

        return (char)unit;
    }
}
