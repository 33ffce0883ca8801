namespace Cfx.Together.Batch;

/// <summary>The provider's words for how far a batch is. A word that is not known means that it goes on.</summary>
public static class BatchStatus
{
    public const string Completed = "COMPLETED";
    public const string Failed = "FAILED";

    /// <summary>The word as compared: upper case; empty for none.</summary>
    public static string Of(string? word) => word?.Trim().ToUpperInvariant() ?? "";

    /// <summary>Whether nothing will change any more.</summary>
    public static bool IsEnd(string? word) => Of(word) is Completed or Failed or "EXPIRED" or "CANCELLED" or "CANCELED";
}
