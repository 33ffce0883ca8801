using System.Runtime.CompilerServices;
using Cfx.Core.Conversations;
using Cfx.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Stages;

/// <summary>The items of a file that the user gave to one stage, without Filter: what cannot be used is told and passed over.</summary>
internal static class UsableItems
{
    /// <param name="run">The run.</param>
    /// <param name="path">The user's file.</param>
    /// <param name="tell">Whether to say what is passed over; once for each file is enough.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<FeedbackItem> ReadAsync(
        StudyRun run, string path, bool tell, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = new ItemIds();
        await foreach (var read in RedactedRecords.ReadAsync(path, run.Options.Redactor, null, cancellationToken))
        {
            var fault = read.Rejected;
            if (read.Value is { } record)
            {
                if (FeedbackItemLocator.TryLocate(record, null, out var item, out var rejection))
                {
                    yield return item with { ItemId = names.Next(item.ConversationId) };
                    continue;
                }

                fault = new RejectedRecord(read.Position, null, rejection, record, null);
            }

            if (tell)
            {
                run.Logger<FeedbackItem>().LogWarning("Left out: {Fault}", fault);
            }
        }
    }
}
