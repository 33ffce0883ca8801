namespace Cfx.Together.Batch;

/// <summary>What went by batch before a stage.</summary>
/// <param name="Batches">Batches made or found.</param>
/// <param name="Answered">Calls whose answers are in the store now.</param>
/// <param name="Unanswered">Calls without a usable answer, over all batches; those still wanted go one by one.</param>
public sealed record BatchSummary(int Batches, int Answered, int Unanswered);
