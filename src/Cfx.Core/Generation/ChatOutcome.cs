namespace Cfx.Core.Generation;

/// <summary>What became of an answered call.</summary>
public enum ChatOutcome
{
    /// <summary>A whole answer: the model ended by itself (finish reason "stop" or "eos").</summary>
    Complete,

    /// <summary>The token limit cut the text off (finish reason "length").</summary>
    CutOff,

    /// <summary>No text, or only white space.</summary>
    Empty,

    /// <summary>The provider or model declined to answer.</summary>
    Refused,
}
