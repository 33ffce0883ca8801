namespace Cfx.Core.Training;

/// <summary>One line of a file, as bytes.</summary>
/// <param name="Number">1 for the first line.</param>
/// <param name="Offset">Where the line begins, in bytes from the file's start.</param>
/// <param name="Bytes">The line without its end (LF or CRLF).</param>
internal readonly record struct RawLine(int Number, long Offset, ReadOnlyMemory<byte> Bytes)
{
    public bool IsBlank => Bytes.Span.Trim(" \t\r"u8).IsEmpty;
}
