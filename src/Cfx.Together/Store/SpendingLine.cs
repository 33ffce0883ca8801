namespace Cfx.Together.Store;

/// <summary>What a study spent on one thing.</summary>
/// <param name="Stage">The stage that bought.</param>
/// <param name="What">The model that was asked, or what was bought.</param>
/// <param name="Calls">Answered calls; 0 for what is no chat call.</param>
/// <param name="PromptTokens">Known tokens read.</param>
/// <param name="CompletionTokens">Known tokens written.</param>
/// <param name="SettledUsd">Spent, in US dollars.</param>
/// <param name="SetAsideUsd">Kept back until the price is certain.</param>
/// <param name="UnconfirmedUsd">May have been billed.</param>
/// <param name="Unpriced">Purchases whose price is not known.</param>
public sealed record SpendingLine(
    string Stage, string What, long Calls, long PromptTokens, long CompletionTokens, decimal SettledUsd, decimal SetAsideUsd, decimal UnconfirmedUsd, long Unpriced);
