namespace Cfx.Together.Serving;

/// <summary>The three addresses that serving needs.</summary>
/// <param name="Api">The v1 API: endpoints, hardware, jobs, and whose key it is.</param>
/// <param name="Deployments">The v2 API.</param>
/// <param name="Inference">Takes the calls to deployed models.</param>
public sealed record ServingAddresses(Uri Api, Uri Deployments, Uri Inference)
{
    private const string TogetherDeployments = "https://api.together.ai/v2";
    private const string TogetherInference = "https://api-inference.together.ai/v1";

    /// <summary>Together's own addresses for Together; elsewhere the sibling path v2, and the same address for calls.</summary>
    /// <param name="api">The v1 API.</param>
    public static ServingAddresses Of(Uri api)
    {
        ArgumentNullException.ThrowIfNull(api);
        if (api.Host is "api.together.ai" or "api.together.xyz")
        {
            return new ServingAddresses(api, new Uri(TogetherDeployments), new Uri(TogetherInference));
        }

        var path = api.AbsolutePath.TrimEnd('/');
        path = path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^3] : path;
        return new ServingAddresses(api, new UriBuilder(api) { Path = path + "/v2" }.Uri, api);
    }
}
