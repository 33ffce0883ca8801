using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Chat;

/// <summary>A chat request with every default filled in.</summary>
/// <param name="Seed">Seeds the first answer; derived from the request when it names none.</param>
/// <param name="Count">Answers wanted.</param>
/// <param name="Identity">A hash that requests with the same meaning share.</param>
internal sealed record ChatOrder(
    string Model,
    IReadOnlyList<Message> Messages,
    double Temperature,
    double TopP,
    int MaxTokens,
    IReadOnlyList<string> Stop,
    long Seed,
    int Count,
    bool IsStreamed,
    bool IsEchoed,
    string Identity);
