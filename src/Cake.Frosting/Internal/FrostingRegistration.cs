namespace Cake.Frosting.Internal;

/// <summary>How tasks are handed to the engine; the defaults are those of a plain host.</summary>
public sealed record FrostingRegistration
{
    /// <summary>Called with a task's name before its criteria and again before its work.</summary>
    public Action<string>? Entering { get; init; }

    /// <summary>True for a task whose criteria, saying no, make it do nothing instead of making the engine skip it: the engine fails a run
    /// whose requested task was skipped.</summary>
    public Func<string, bool> SkipsQuietly { get; init; } = static _ => false;

    /// <summary>Called instead of the work of a task that skips quietly.</summary>
    public Action<string, string>? Skipped { get; init; }

    /// <summary>True for a task and one of those it depends on that is left out this time.</summary>
    public Func<string, string, bool> LeavesOut { get; init; } = static (_, _) => false;
}
