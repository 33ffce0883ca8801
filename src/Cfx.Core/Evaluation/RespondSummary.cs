namespace Cfx.Core.Evaluation;

/// <summary>How an arm answered.</summary>
/// <param name="Contexts">Records written.</param>
/// <param name="Complete">Whole answers.</param>
/// <param name="CutOff">Ended by the token limit.</param>
/// <param name="Empty">Without text.</param>
/// <param name="Refused">Refused by provider or model.</param>
/// <param name="Failed">No reply could be had; worth running again.</param>
/// <param name="PromptTokens">Read, as far as the provider said.</param>
/// <param name="CompletionTokens">Written, as far as the provider said.</param>
public sealed record RespondSummary(int Contexts, int Complete, int CutOff, int Empty, int Refused, int Failed, long PromptTokens, long CompletionTokens);
