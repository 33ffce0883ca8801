namespace Cfx.Core.Training;

/// <summary>How preference pairs are weighed.</summary>
public sealed record DpoOptions
{
    /// <summary>How strongly the tuned model is held to the one it starts from, above 0; null for the provider's default (0.1).</summary>
    public double? Beta { get; init; }

    /// <summary>Divides each answer's log-ratio by its length, so that longer answers weigh no more.</summary>
    public bool NormalizeByLength { get; init; }

    /// <summary>Leaves out the model that training starts from as reference.</summary>
    public bool ReferenceFree { get; init; }
}
