namespace Cfx.Sandbox.Models;

/// <summary>How a judge turns rewards into verdicts; known, so that a study's statistics can be held against the truth.</summary>
/// <param name="TieMargin">Reward differences up to this size are ties; 0 or more.</param>
/// <param name="PositionBias">Reward added to slot A; negative favours slot B.</param>
/// <param name="Noise">Standard deviation of the random reward added to the difference, drawn from the request; 0 or more.</param>
public sealed record JudgeSettings(double TieMargin = 0.1, double PositionBias = 0.05, double Noise = 0.1);
