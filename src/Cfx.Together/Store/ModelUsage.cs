namespace Cfx.Together.Store;

/// <summary>What the store knows of one model's calls in one stage, for estimates.</summary>
/// <param name="Server">Who answered.</param>
/// <param name="Stage">The stage that asked first.</param>
/// <param name="Model">The model's name as requested.</param>
/// <param name="Answers">Calls whose tokens the provider counted.</param>
/// <param name="PromptTokens">Their tokens read.</param>
/// <param name="CompletionTokens">Their tokens written.</param>
/// <param name="PromptCharacters">The characters of their messages.</param>
/// <param name="MeanSeconds">From handing a call over to its answer, waiting for its turn included.</param>
public sealed record ModelUsage(
    string Server, string Stage, string Model, long Answers, long PromptTokens, long CompletionTokens, long PromptCharacters, double MeanSeconds);
