using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>One line of a training file.</summary>
/// <param name="Messages">The turns.</param>
/// <param name="Weights">For each turn 1 when it is to be learned, 0 when it is only context. A 1 counts on assistant turns only.</param>
public sealed record TuningExample(IReadOnlyList<Message> Messages, IReadOnlyList<int> Weights)
{
    /// <summary>The answer that the last turn was preferred to; null where no two are compared.</summary>
    public string? Rejected { get; init; }

    /// <summary>The turns to be learned, each with the turns before it.</summary>
    internal IEnumerable<(IReadOnlyList<Message> Context, string Answer)> Targets()
    {
        for (var i = 1; i < Messages.Count; i++)
        {
            if (Weights[i] == 1 && string.Equals(Messages[i].Role, Roles.Assistant, StringComparison.Ordinal)
                && !string.IsNullOrWhiteSpace(Messages[i].Content))
            {
                yield return ([.. Messages.Take(i)], Messages[i].Content);
            }
        }
    }
}
