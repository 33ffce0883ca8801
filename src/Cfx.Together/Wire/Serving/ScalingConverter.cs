using System.Text.Json.Serialization.Metadata;

namespace Cfx.Together.Wire.Serving;

/// <summary>Reads a deployment's bounds of copies.</summary>
internal sealed class ScalingConverter : ObjectConverter<Scaling>
{
    protected override JsonTypeInfo<Scaling> Form => DeploymentsJson.Default.Scaling;
}
