namespace Cfx.Together.Batch;

/// <summary>How a stage's calls are sent.</summary>
public enum BatchMode
{
    /// <summary>One by one. Batches that an earlier run left under way are still collected, so that nothing is bought twice.</summary>
    Direct,

    /// <summary>By batch, wherever the provider serves the model that way.</summary>
    Batch,

    /// <summary>By batch where that is worth it: many calls to one model, at no higher price.</summary>
    Auto,
}
