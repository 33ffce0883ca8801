namespace Cfx.Core.Generation.Improvement;

/// <summary>What a method does with an item.</summary>
public enum ImprovementAction
{
    /// <summary>Asks a model for another answer.</summary>
    Rewrite,

    /// <summary>Takes the answer as it is: the user liked it.</summary>
    Keep,

    /// <summary>Has no use for the item; it is counted and gets no record.</summary>
    Skip,
}
