using System.Text.Json.Serialization.Metadata;

namespace Cfx.Together.Wire;

/// <summary>Reads how long a job will still take, which some servers tell in another form or as a mere number.</summary>
internal sealed class FineTuneProgressConverter : ObjectConverter<FineTuneProgress>
{
    protected override JsonTypeInfo<FineTuneProgress> Form => WireJson.Default.FineTuneProgress;
}
