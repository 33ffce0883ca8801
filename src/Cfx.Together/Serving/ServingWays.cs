namespace Cfx.Together.Serving;

/// <summary>Ways in words.</summary>
public static class ServingWays
{
    /// <summary>Ends a sentence on how models are served or asked.</summary>
    public static string Words(ServingWay way) => way switch
    {
        ServingWay.ByName => "by name",
        ServingWay.Deployment => "as v2 deployments",
        _ => "as v1 endpoints",
    };
}
