namespace Cake.Frosting;

/// <summary>The set of tasks is wrong as it was written: something that no run could mend.</summary>
public sealed class FrostingException : Exception
{
    public FrostingException(string message)
        : base(message)
    {
    }

    public FrostingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
