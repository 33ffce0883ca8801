namespace Cfx.Core.Training;

/// <summary>What a job learns from.</summary>
public enum TrainingKind
{
    /// <summary>Supervised: answers to imitate.</summary>
    Sft,

    /// <summary>Direct preference optimisation: pairs of a better and a worse answer.</summary>
    Dpo,
}
