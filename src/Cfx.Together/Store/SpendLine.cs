namespace Cfx.Together.Store;

/// <summary>The answers that one stage of one study got from one model.</summary>
/// <param name="Study">The study that asked first.</param>
/// <param name="Stage">The stage that asked first.</param>
/// <param name="Server">Who answered.</param>
/// <param name="Model">The model's name as requested.</param>
/// <param name="Answers">How many.</param>
/// <param name="PromptTokens">Known tokens read.</param>
/// <param name="CompletionTokens">Known tokens written.</param>
/// <param name="KnownUsd">The sum of the known prices.</param>
/// <param name="Unpriced">Answers whose price is not known.</param>
public sealed record SpendLine(
    string Study, string Stage, string Server, string Model, long Answers, long PromptTokens, long CompletionTokens, decimal KnownUsd, long Unpriced);
