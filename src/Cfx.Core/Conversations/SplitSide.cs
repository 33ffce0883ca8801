namespace Cfx.Core.Conversations;

/// <summary>What an item is used for.</summary>
public enum SplitSide
{
    /// <summary>Models are trained on it.</summary>
    Train = 0,

    /// <summary>Training is watched on it.</summary>
    Validation = 1,

    /// <summary>Models are compared on it; nothing is ever trained on it.</summary>
    Test = 2,
}
