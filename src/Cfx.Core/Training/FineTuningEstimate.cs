namespace Cfx.Core.Training;

/// <summary>What a job would cost; null where the provider does not say. An unknown price is unknown, not 0.</summary>
/// <param name="PriceUsd">In US dollars.</param>
/// <param name="TrainingTokens">Tokens to train on, all epochs.</param>
/// <param name="ValidationTokens">Tokens to score, all evaluations.</param>
/// <param name="Allowed">Whether the account's limit allows it.</param>
public sealed record FineTuningEstimate(decimal? PriceUsd, long? TrainingTokens, long? ValidationTokens, bool? Allowed);
