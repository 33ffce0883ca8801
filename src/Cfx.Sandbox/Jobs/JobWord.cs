namespace Cfx.Sandbox.Jobs;

/// <summary>The API's status words.</summary>
internal static class JobWord
{
    public const string Pending = "pending";
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Compressing = "compressing";
    public const string Uploading = "uploading";
    public const string CancelRequested = "cancel_requested";
    public const string Cancelled = "cancelled";
    public const string Error = "error";
    public const string Completed = "completed";

    public static bool IsTerminal(string status) => status is Cancelled or Error or Completed;
}
