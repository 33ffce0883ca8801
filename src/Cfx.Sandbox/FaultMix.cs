namespace Cfx.Sandbox;

/// <summary>Which faults go together.</summary>
public static class FaultMix
{
    /// <summary>What a busy service and a bad line do to single requests, and a client gets over by asking again.</summary>
    public static IReadOnlyList<FaultKind> Usual { get; } =
        [.. Enum.GetValues<FaultKind>().Where(kind => kind <= FaultKind.Slow)];

    /// <summary>Whether a fault can befall requests of this kind; <c>*</c> stands for any method or route.</summary>
    internal static bool Fits(FaultKind kind, string method, string route)
    {
        bool Is(string wantedMethod, string wantedRoute) =>
            (method is "*" || string.Equals(method, wantedMethod, StringComparison.Ordinal))
            && (route is "*" || string.Equals(route, wantedRoute, StringComparison.Ordinal));
        return kind switch
        {
            FaultKind.ExpiredKey or FaultKind.Forbidden => !Is("PUT", "/upload/{id}") || route is "*",
            FaultKind.UploadBreaks => Is("PUT", "/upload/{id}") || Is("PUT", "/part/{id}") || Is("POST", "/files/upload"),
            FaultKind.JobFails or FaultKind.JobHangs or FaultKind.JobVanishes => Is("POST", "/fine-tunes"),
            >= FaultKind.BatchFails and <= FaultKind.BatchLinesTwice => Is("POST", "/batches"),
            _ => true,
        };
    }
}
