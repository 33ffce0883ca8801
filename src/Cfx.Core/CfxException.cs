namespace Cfx.Core;

/// <summary>An error that a person can act on: one line that says what, where and the remedy. Shown without a stack trace.</summary>
public abstract class CfxException : Exception
{
    protected CfxException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The exit code of a program that ends with this error.</summary>
    public abstract int ExitCode { get; }
}
