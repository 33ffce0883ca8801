namespace Cfx.Sandbox.Chat;

/// <summary>A chat request answered.</summary>
/// <param name="Order">What was asked.</param>
/// <param name="Choices">The answers, in order, with what ended each.</param>
/// <param name="Id">The reply's id.</param>
/// <param name="Created">When it was made, in Unix seconds.</param>
/// <param name="PromptTokens">Of all messages.</param>
/// <param name="CompletionTokens">Of all answers.</param>
/// <param name="BilledUsd">What it costs in a rehearsal.</param>
internal sealed record ChatAnswer(
    ChatOrder Order,
    IReadOnlyList<(string Text, string Reason)> Choices,
    string Id,
    long Created,
    int PromptTokens,
    int CompletionTokens,
    decimal BilledUsd);
