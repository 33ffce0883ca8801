namespace Cfx.Core.Artifacts;

/// <summary>Writes to a file and says in one clear line when the system refuses.</summary>
internal sealed class AtomicFileStream(FileStream file, string shownAs) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether an exception is the system's refusal to write. The framework reports a file above the system's limit as an argument out of range.</summary>
    public static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>What the user is told.</summary>
    public static StageFailedException Refused(string shownAs, Exception e) => new(
        $"Cannot write '{shownAs}': {(e is ArgumentOutOfRangeException ? "the file is larger than the system allows." : e.Message)} Make room, or move away what stands there, and run again.", e);

    public override void Flush() => Guard(() => file.Flush());

    public override Task FlushAsync(CancellationToken cancellationToken) => GuardAsync(file.FlushAsync(cancellationToken));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Refused(shownAs, e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await file.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Refused(shownAs, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Refused(shownAs, e);
        }
    }

    private async Task GuardAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Refused(shownAs, e);
        }
    }
}
