using System.Text.Json;
using Cfx.Together.Wire;

namespace Cfx.Together;

/// <summary>The models that a provider knows.</summary>
public sealed class TogetherModels
{
    private const string ContentVersion = "content_version";
    private const int NearestShown = 3;
    private readonly ITogetherApi _api;
    private readonly CallPolicy _policy;

    internal TogetherModels(ITogetherApi api, CallPolicy policy)
    {
        _api = api;
        _policy = policy;
    }

    /// <summary>The models served, in the provider's order.</summary>
    /// <exception cref="Core.Generation.ProviderException">The provider could not be reached or refused.</exception>
    public async Task<IReadOnlyList<ModelObject>> ListAsync(CancellationToken cancellationToken)
    {
        var call = new Call("Listing the models", "GET /models");
        var body = await _policy.SendAsync(call, _api.ModelsAsync, WireList.Malformed, cancellationToken);
        return [.. WireList.Read(body, WireJson.Default.ModelObject).Where(m => m.Id is not null)];
    }

    /// <summary>The names of models that can be fine-tuned; empty when the provider does not say.</summary>
    /// <exception cref="Core.Generation.ProviderException">The provider could not be reached or refused.</exception>
    public async Task<IReadOnlyList<string>> FineTunableAsync(CancellationToken cancellationToken)
    {
        var call = new Call("Listing the models that can be fine-tuned", "GET /fine-tunes/models/supported");
        try
        {
            var body = await _policy.SendAsync(call, _api.SupportedModelsAsync, null, cancellationToken);
            return [.. (body.Models ?? []).Where(m => !string.IsNullOrEmpty(m))];
        }
        catch (Core.Generation.ProviderException e) when (e.StatusCode == 404)
        {
            return [];
        }
    }

    /// <summary>What a sandbox says of the content of its models, which changes when they could answer otherwise; null from one that plays a paid
    /// provider, and from a server that has no such route.</summary>
    /// <remarks>Answers are kept under it, so a reply that leaves it out counts as spoilt: taken for "none", it would have every answer asked again.</remarks>
    /// <exception cref="Core.Generation.ProviderException">The provider could not be reached or refused, or it is no sandbox and says nothing of the kind.</exception>
    public async Task<string?> ContentVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            var call = new Call("Asking for the sandbox's version", "GET /whoami");
            var body = await _policy.SendAsync(call, _api.WhoAmIAsync, UnsaidVersion, cancellationToken);
            return body.GetProperty(ContentVersion).Deserialize(WireJson.Default.String);
        }
        catch (Core.Generation.ProviderException e) when (e.StatusCode == 404)
        {
            return null;
        }
    }

    /// <summary>A remedy that names the known models nearest to one that the provider does not know; never fails.</summary>
    internal async Task<string> RemedyAsync(string model, bool fineTunable, CancellationToken cancellationToken)
    {
        try
        {
            var names = fineTunable ? await FineTunableAsync(cancellationToken) : [];
            names = names.Count > 0 ? names : [.. (await ListAsync(cancellationToken)).Select(m => m.Id!)];
            var nearest = NearestNames.Of(model, names, NearestShown);
            return nearest.Count == 0 ? "" : $"Nearest known models: {string.Join(", ", nearest)}.";
        }
        catch (Core.Generation.ProviderException)
        {
            // The first error is the one to show.
            return "";
        }
    }

    private static string? UnsaidVersion(JsonElement body) =>
        body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(ContentVersion, out var version) ? $"it has no {ContentVersion}"
        : version.ValueKind is JsonValueKind.String or JsonValueKind.Null ? null
        : $"its {ContentVersion} is not a text";
}
