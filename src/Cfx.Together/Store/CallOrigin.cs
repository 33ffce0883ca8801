using Cfx.Core.Generation;

namespace Cfx.Together.Store;

/// <summary>Who is asked and for what.</summary>
/// <param name="Server">The server's identity, part of every key.</param>
/// <param name="Stage">The stage that asks, such as process.</param>
/// <param name="Study">The study that asks.</param>
public sealed record CallOrigin(string Server, string Stage, string Study)
{
    /// <summary>What tells a model apart from an earlier one of the same name, such as the id of the job that made it; null for a model that stands
    /// for itself. Called once for each model name.</summary>
    public Func<string, CancellationToken, Task<string?>> ModelIdentity { get; init; } = static (_, _) => Task.FromResult<string?>(null);

    /// <summary>What a reply of a model cost in US dollars; null when not known. Not asked where there is a <see cref="Meter"/>.</summary>
    public Func<string, ChatReply, decimal?> Price { get; init; } = static (_, _) => null;

    /// <summary>The meter that the model's attempts go by, so that answers carry the price that was charged; null for models without one.</summary>
    public StudyMeter? Meter { get; init; }
}
