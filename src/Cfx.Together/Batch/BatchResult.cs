namespace Cfx.Together.Batch;

/// <summary>What a batch came to.</summary>
/// <param name="Answered">Calls whose answer is stored.</param>
/// <param name="Unanswered">Calls that have to be made again.</param>
/// <param name="Refused">Ids of the calls of a batch that the provider did not begin.</param>
internal sealed record BatchResult(int Answered, int Unanswered, IReadOnlyList<string> Refused);
