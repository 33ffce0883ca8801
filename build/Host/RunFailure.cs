using Cfx.Core;

namespace Cfx.Build.Host;

/// <summary>What the errors of a run come to: an exit code and the lines for people.</summary>
/// <param name="ExitCode">0 is impossible here.</param>
/// <param name="Lines">One a cause.</param>
public sealed record RunFailure(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>Looks through everything an exception wraps.</summary>
    /// <param name="exception">As it came out of the engine.</param>
    /// <param name="cancelled">Whether the run was told to stop.</param>
    public static RunFailure From(Exception exception, bool cancelled)
    {
        var causes = Causes(exception).ToList();
        if (cancelled && causes.Any(c => c is OperationCanceledException))
        {
            return new RunFailure(RunCancellation.ExitCode, ["Stopped. What was finished is kept; the same command goes on from there."]);
        }

        var known = causes.OfType<CfxException>().ToList();
        var unknown = causes.Where(c => c is not CfxException).ToList();
        int code;
        if (known.Any(c => c is MisuseException))
        {
            code = 2;
        }
        else if (unknown.Count > 0 || known.Any(c => c is not WorkPendingException))
        {
            code = 1;
        }
        else
        {
            code = 3;
        }

        return new RunFailure(code, [.. causes.Select(Line).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether anything in an exception says that work goes on elsewhere.</summary>
    public static WorkPendingException? PendingIn(Exception exception) => Causes(exception).OfType<WorkPendingException>().FirstOrDefault();

    // The innermost of our own exceptions on each branch, or else the innermost that has something to say.
    private static IEnumerable<Exception> Causes(Exception exception)
    {
        if (exception is AggregateException aggregate)
        {
            return aggregate.InnerExceptions.SelectMany(Causes);
        }

        if (exception is CfxException or OperationCanceledException || exception.InnerException is null)
        {
            return [exception];
        }

        var inner = Causes(exception.InnerException).ToList();
        var wrapper = exception is Cake.Core.CakeReportException or Cake.Core.CakeException or System.Reflection.TargetInvocationException or TypeInitializationException;
        return wrapper || inner.Any(i => i is CfxException or OperationCanceledException) ? inner : [exception];
    }

    private static string Line(Exception cause)
    {
        var text = cause is CfxException or Cake.Core.CakeException or Cake.Frosting.FrostingException
            ? cause.Message
            : $"{cause.Message} ({cause.GetType().Name}; --verbosity=diagnostic tells more)";
        return text.ReplaceLineEndings(" ");
    }
}
