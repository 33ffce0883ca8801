using System.Security.Cryptography;
using System.Text;

namespace Cfx.Sandbox.Models;

/// <summary>
/// The frame around every saved state: a mark, a kind, a version, the length, the content and its SHA-256, so that a file that is
/// cut short, changed or of another kind is refused instead of half read.
/// </summary>
internal static class StateFormat
{
    /// <summary>Changes whenever old states can no longer be read.</summary>
    public const int Version = 2;

    private const int Mark = 0x4D584643; // "CFXM"
    private const int MaximumLength = 1 << 30;

    /// <summary>Writes one framed state.</summary>
    public static void Write(Stream stream, string kind, Action<BinaryWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true))
        {
            content(writer);
        }

        var bytes = buffer.ToArray();
        using var frame = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        frame.Write(Mark);
        frame.Write(kind);
        frame.Write(Version);
        frame.Write(bytes.Length);
        frame.Write(bytes);
        frame.Write(SHA256.HashData(bytes));
    }

    /// <summary>Reads one framed state.</summary>
    /// <exception cref="InvalidDataException">It is not one, or of another kind or version, or damaged.</exception>
    public static T Read<T>(Stream stream, string kind, Func<BinaryReader, T> content)
    {
        try
        {
            using var frame = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            if (frame.ReadInt32() != Mark)
            {
                throw new InvalidDataException("This is not a saved state of a sandbox model.");
            }

            var found = frame.ReadString();
            if (!string.Equals(found, kind, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"This saved state is a \"{found}\", not a \"{kind}\".");
            }

            var version = frame.ReadInt32();
            if (version != Version)
            {
                throw new InvalidDataException($"This saved state has version {version}; this program reads version {Version}. Delete it to have it made again.");
            }

            var length = frame.ReadInt32();
            if (length is < 0 or > MaximumLength)
            {
                throw new InvalidDataException("The saved state is damaged (impossible length). Delete it to have it made again.");
            }

            var bytes = frame.ReadBytes(length);
            if (bytes.Length != length || !frame.ReadBytes(SHA256.HashSizeInBytes).AsSpan().SequenceEqual(SHA256.HashData(bytes)))
            {
                throw new InvalidDataException("The saved state is damaged (cut short or changed). Delete it to have it made again.");
            }

            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
            return content(reader);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("The saved state is damaged (cut short or changed). Delete it to have it made again.", error);
        }
    }

    /// <summary>Writes an array of which most entries may be 0.</summary>
    public static void WriteSparse(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        writer.Write(values.Count(value => value != 0));
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != 0)
            {
                writer.Write(i);
                writer.Write(values[i]);
            }
        }
    }

    /// <summary>Reads what <see cref="WriteSparse"/> wrote.</summary>
    public static float[] ReadSparse(BinaryReader reader, int length)
    {
        if (reader.ReadInt32() != length)
        {
            throw new FormatException("An array has the wrong length.");
        }

        var values = new float[length];
        for (var entries = reader.ReadInt32(); entries > 0; entries--)
        {
            var index = reader.ReadInt32();
            values[(uint)index < (uint)length ? index : throw new FormatException("An index is out of range.")] = reader.ReadSingle();
        }

        return values;
    }
}
