using System.Runtime.CompilerServices;
using Cfx.Build.Composition.Stages;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Build.Composition.Planning;

/// <summary>The study's items: those of the split where it stands, else all of the user's file, from which the split's shares are estimated.</summary>
/// <param name="run">The study.</param>
/// <param name="isSplit">Whether the split stands and is up to date.</param>
internal sealed class PlanItems(StudyRun run, bool isSplit)
{
    private long _ratedCharacters;
    private long _likedCharacters;
    private long _answerCharacters;
    private long _contextsInAll;

    public bool IsSplit { get; } = isSplit;

    /// <summary>Items that were read: of the training side, or of the whole file.</summary>
    public long Count { get; private set; }

    /// <summary>Items that training may use.</summary>
    public long TrainingItems { get; private set; }

    /// <summary>Test contexts.</summary>
    public long TestContexts { get; private set; }

    /// <summary>The share of the items read that is processed.</summary>
    public decimal TrainingScale => Count == 0 ? 0 : (decimal)TrainingItems / Count;

    /// <summary>The share of the contexts read that is answered.</summary>
    public decimal TestScale => _contextsInAll == 0 ? 0 : (decimal)TestContexts / _contextsInAll;

    /// <summary>How long the conversations' own answers are, in characters.</summary>
    public decimal MeanAnswer => Count == 0 ? 0 : (decimal)_answerCharacters / Count;

    /// <summary>The characters of one pass over an arm's examples, training and validation together.</summary>
    /// <param name="likedOnly">Whether only answers that users liked are used.</param>
    public long ExampleCharacters(bool likedOnly) => (long)((likedOnly ? _likedCharacters : _ratedCharacters) * TrainingScale);

    public static async Task<PlanItems> LookAsync(StudyRun run, bool isSplit, CancellationToken cancellationToken)
    {
        var items = new PlanItems(run, isSplit);
        await foreach (var item in items.ReadAsync(cancellationToken))
        {
            items.Count++;
            items._answerCharacters += item.Answer.Content.Length;
            var characters = item.Context.Sum(m => (long)m.Content.Length) + item.Answer.Content.Length;
            items._ratedCharacters += characters;
            items._likedCharacters += item.Category == FeedbackCategory.UR5 ? characters : 0;
        }

        await foreach (var _ in items.ContextsAsync(cancellationToken))
        {
            items._contextsInAll++;
        }

        var share = (decimal)run.Options.Number("split", "test-share");
        var training = isSplit ? items.Count : (long)(items.Count * (1 - share));
        items.TrainingItems = Math.Min(training, run.Options.WholeNumberOrNull("process", "max-conversations") ?? long.MaxValue);
        items.TestContexts = Math.Min(isSplit ? items._contextsInAll : (long)(items._contextsInAll * share), run.Options.WholeNumber("evaluate", "test-size"));
        return items;
    }

    /// <summary>The items read, in file order.</summary>
    public IAsyncEnumerable<FeedbackItem> ReadAsync(CancellationToken cancellationToken) =>
        IsSplit ? FilteredItems.ReadAsync(run.Layout.TrainingItems, cancellationToken) : UsedAsync(cancellationToken);

    /// <summary>The contexts read, in file order.</summary>
    public IAsyncEnumerable<TestContext> ContextsAsync(CancellationToken cancellationToken) => IsSplit
        ? RespondUnit.Contexts(run, cancellationToken)
        : Core.Evaluation.TestContexts.FromItemsAsync(UsedAsync(cancellationToken), null, cancellationToken);

    private async IAsyncEnumerable<FeedbackItem> UsedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = new ItemIds();
        await foreach (var read in ConversationReader.ReadAsync(run.Full(run.Options.Text("study", "input")), cancellationToken))
        {
            if (read.Value is { } record && FeedbackItemLocator.TryLocate(record, null, out var item, out _) && FilterStage.IsUsed(item.Category))
            {
                yield return item with { ItemId = names.Next(item.ConversationId) };
            }
        }
    }
}
