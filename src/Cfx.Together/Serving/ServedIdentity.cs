namespace Cfx.Together.Serving;

/// <summary>Tells the answers of a contestant apart by how it was served, so that none given on other hardware stands in for another.</summary>
public static class ServedIdentity
{
    /// <summary>The model's identity in the response store's keys.</summary>
    /// <param name="identity">The identity of the model itself, such as the job that made it; null for one that stands for itself.</param>
    /// <param name="way">How it is served. Answers by name keep the model's own identity, since nothing but the name is asked.</param>
    public static string? Of(string? identity, ServingWay way)
    {
        var served = way switch
        {
            ServingWay.Deployment => "v2",
            ServingWay.Endpoint => "v1",
            _ => null,
        };
        return served is null ? identity : identity is null ? served : $"{identity} {served}";
    }
}
