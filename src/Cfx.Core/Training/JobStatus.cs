namespace Cfx.Core.Training;

/// <summary>The meaning of a job's status word. Words are open: an unknown one counts as still under way.</summary>
public static class JobStatus
{
    public const string Completed = "completed";
    public const string Cancelled = "cancelled";
    public const string Error = "error";
    public const string UserError = "user_error";

    /// <summary>Whether the status will not change any more.</summary>
    public static bool IsTerminal(string status) => status is Completed || IsFailure(status);

    /// <summary>Whether the job ended without a model. Two spellings that no document lists are understood too.</summary>
    public static bool IsFailure(string status) => IsCancelled(status) || status is Error or UserError or "failed";

    /// <summary>Whether somebody ended the job; the steps that it had made may be billed.</summary>
    public static bool IsCancelled(string status) => status is Cancelled or "canceled";
}
