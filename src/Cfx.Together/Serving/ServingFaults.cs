using Cfx.Core.Generation;

namespace Cfx.Together.Serving;

/// <summary>What a failed call tells.</summary>
internal static class ServingFaults
{
    /// <summary>Whether the provider's answer says for certain that nothing was made.</summary>
    public static bool IsRefusal(ProviderException fault) => fault.StatusCode is >= 400 and < 500 and not (408 or 409 or 425 or 429);

    /// <summary>Whether a model does not answer, rather than that asking went wrong.</summary>
    public static bool IsNoSuchModel(ProviderException fault) => fault.StatusCode is 400 or 403 or 404 or 422;

    public static bool IsGone(ProviderException fault) => fault.StatusCode is 404 or 410;
}
