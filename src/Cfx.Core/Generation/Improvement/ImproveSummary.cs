namespace Cfx.Core.Generation.Improvement;

/// <summary>What became of the items.</summary>
/// <param name="Items">Records written.</param>
/// <param name="Improved">With a new answer.</param>
/// <param name="Kept">With the answer that the user liked.</param>
/// <param name="Declined">The model had nothing better.</param>
/// <param name="Failed">No reply could be had; worth running again.</param>
/// <param name="CutOff">Reply ended by the token limit.</param>
/// <param name="Empty">Reply without text.</param>
/// <param name="Refused">Reply refused.</param>
/// <param name="Skipped">Items of categories that the method has no use for; not written.</param>
/// <param name="PromptTokens">Read by the model, as far as the provider said.</param>
/// <param name="CompletionTokens">Written by the model, as far as the provider said.</param>
public sealed record ImproveSummary(
    int Items,
    int Improved,
    int Kept,
    int Declined,
    int Failed,
    int CutOff,
    int Empty,
    int Refused,
    int Skipped,
    long PromptTokens,
    long CompletionTokens);
