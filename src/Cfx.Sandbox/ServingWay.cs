namespace Cfx.Sandbox;

/// <summary>How a tuned model, and a base model that is not served to everyone, comes to answer.</summary>
public enum ServingWay
{
    /// <summary>By its own name, at once.</summary>
    Name,

    /// <summary>Through a deployment of the second version of the API; endpoints of the first cannot be created.</summary>
    V2,

    /// <summary>Through a dedicated endpoint of the first version of the API.</summary>
    V1,
}
