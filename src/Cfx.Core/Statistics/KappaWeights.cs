namespace Cfx.Core.Statistics;

/// <summary>What a disagreement costs in kappa.</summary>
public enum KappaWeights
{
    /// <summary>Every disagreement the same.</summary>
    None,

    /// <summary>By the distance of the categories in their order, the far ends costing 1.</summary>
    Linear,
}
