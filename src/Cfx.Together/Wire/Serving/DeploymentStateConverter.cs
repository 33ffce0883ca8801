using System.Text.Json.Serialization.Metadata;

namespace Cfx.Together.Wire.Serving;

/// <summary>Reads how a deployment stands.</summary>
internal sealed class DeploymentStateConverter : ObjectConverter<DeploymentState>
{
    protected override JsonTypeInfo<DeploymentState> Form => DeploymentsJson.Default.DeploymentState;
}
