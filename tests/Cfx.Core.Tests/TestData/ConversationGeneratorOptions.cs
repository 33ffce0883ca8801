namespace Cfx.TestData;

/// <summary>What a generated file of conversations is like.</summary>
/// <param name="Count">How many records, 0 or more.</param>
/// <param name="Seed">The same seed gives the same records, and a larger count only adds to them.</param>
/// <param name="AwkwardRate">The share of records that are unusable in one of the ways of <see cref="AwkwardKind"/>, 0 to 1.</param>
/// <param name="DuplicateRate">The share of records that repeat an earlier one exactly, 0 to 1.</param>
/// <param name="SharedIdRate">The share of records that are a further feedback message of an earlier conversation, 0 to 1.</param>
/// <param name="SharedContextRate">The share of records that ask an earlier conversation's first question under an id of their own, 0 to 1.</param>
public sealed record ConversationGeneratorOptions(
    int Count,
    ulong Seed = 1,
    double AwkwardRate = 0.05,
    double DuplicateRate = 0.02,
    double SharedIdRate = 0.05,
    double SharedContextRate = 0.05);
