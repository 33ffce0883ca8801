namespace Cfx.Core.Statistics;

/// <summary>How a judge, asked in both orders, saw a new answer beside the original.</summary>
/// <param name="IsLiked">Whether the user liked the original.</param>
/// <param name="Score">1 if the new answer won, 1/2 on a tie, 0 if it lost.</param>
public readonly record struct FeedbackVerdict(bool IsLiked, double Score);
