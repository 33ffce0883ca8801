namespace Cfx.Core.Evaluation;

/// <summary>What was taken out of a processed file to be judged.</summary>
/// <param name="Count">Pairs of an improved and an original answer.</param>
/// <param name="Generators">The models that wrote the improved answers, each once; none where the records do not tell.</param>
/// <param name="Providers">Who served them, each once; none where the records do not tell.</param>
public sealed record ImprovedPairs(int Count, IReadOnlyList<string> Generators, IReadOnlyList<string> Providers);
