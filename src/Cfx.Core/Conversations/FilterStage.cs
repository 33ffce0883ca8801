using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;
using Cfx.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Conversations;

/// <summary>Keeps the conversations that a study uses: negative feedback (UR2, UR3) and positive (UR5). Holds one record and, of each kept
/// one, two hashes in memory.</summary>
/// <param name="logger">Told the counts, and each rejected record at debug level.</param>
/// <param name="progress">Told how many records were read.</param>
public sealed class FilterStage(ILogger logger, IProgressSink progress)
{
    /// <summary>The categories that a study uses.</summary>
    public static bool IsUsed(FeedbackCategory category) =>
        category is FeedbackCategory.UR2 or FeedbackCategory.UR3 or FeedbackCategory.UR5;

    /// <summary>Reads the inputs in the order given and writes the three files.</summary>
    /// <exception cref="MisuseException">An input is missing, empty, broken or not UTF-8; no record has a category; or no record can be used (the
    /// rejected ones are written then, the kept ones left as they were).</exception>
    public async Task<FilterSummary> RunAsync(FilterOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Inputs.Count == 0)
        {
            throw new MisuseException("No input is named. Name a JSON or JSONL file of conversations.");
        }

        var redactor = options.Redactor;
        var counts = new FilterCounts { Redacted = redactor.IsEmpty ? null : new RedactionCounts(redactor.Names) };
        await using var kept = ConversationWriter.Create(options.Output);
        await using var rejected = ConversationWriter.Create(options.Rejected);
        using (var scope = progress.Begin("records", null))
        {
            foreach (var input in options.Inputs)
            {
                await ReadAsync(input, redactor, counts, kept, rejected, scope, cancellationToken);
            }
        }

        if (counts.WithoutCategory > 0 && !counts.AnyCategory)
        {
            throw new MisuseException($"No record of {Names(options)} has a category; {RecordFields.CategoryRemedy}.");
        }

        var summary = counts.ToSummary();
        await rejected.CommitAsync(cancellationToken);
        await AtomicFile.WriteBytesAsync(options.Summary, JsonText.Indented(summary.ToJson()), cancellationToken);
        if (summary.KeptTotal == 0)
        {
            var first = counts.FirstRejected is { } record ? $"; the first rejected: {record}" : "";
            throw new MisuseException(
                $"None of the {summary.Read} records of {Names(options)} can be used: {summary.LeftOutTotal} are UR1 or UR4, " +
                $"{summary.RejectedTotal} are rejected (see {options.Rejected}){first}.");
        }

        await kept.CommitAsync(cancellationToken);
        logger.LogInformation(
            "Read {Read} records: kept {Kept}, left out {LeftOut} by category, dropped {Duplicates} duplicates, rejected {Rejected}",
            summary.Read, summary.KeptTotal, summary.LeftOutTotal, summary.Duplicates, summary.RejectedTotal);
        if (summary.RejectedTotal > 0)
        {
            logger.LogWarning("{Rejected} records cannot be used; {File} says why", summary.RejectedTotal, options.Rejected);
        }

        if (summary.Redacted is { } redacted)
        {
            logger.LogInformation("Redacted {Counts}", string.Join(", ", redacted.Select(r => $"{r.Value} {r.Key}")));
        }

        if (counts.TellingIds > 0)
        {
            logger.LogWarning("The ids of {Count} kept conversations hold what the redaction rules name; ids are never changed, so give them others", counts.TellingIds);
        }

        return summary;
    }

    private static string Names(FilterOptions options) => string.Join(", ", options.Inputs.Select(input => $"'{input}'"));

    private async Task ReadAsync(
        string input,
        Redactor redactor,
        FilterCounts counts,
        ConversationWriter kept,
        ConversationWriter rejected,
        IProgressScope scope,
        CancellationToken cancellationToken)
    {
        var before = counts.Read;
        await foreach (var read in RedactedRecords.ReadAsync(input, redactor, counts.Redacted, cancellationToken))
        {
            counts.Read++;
            if (counts.Read % 1000 == 0)
            {
                scope.Report(counts.Read);
            }

            var fault = read.Rejected;
            if (read.Value is { } record && Judge(record, counts) is { } rejection)
            {
                fault = new RejectedRecord(read.Position, RecordFields.Text(record, RecordFields.ConversationId), rejection, record, null);
            }

            if (fault is not null)
            {
                logger.LogDebug("Rejected: {Record}", fault);
                counts.Reject(fault);
                await rejected.WriteAsync(fault.ToJson(), cancellationToken);
            }
            else if (counts.Accepted is { } accepted)
            {
                counts.TellingIds += redactor.Matches(RecordFields.Text(accepted, RecordFields.ConversationId)!) ? 1 : 0;
                await kept.WriteAsync(accepted, cancellationToken);
            }
        }

        if (counts.Read == before)
        {
            throw new MisuseException($"'{input}' holds no conversations.");
        }

        scope.Report(counts.Read);
    }

    /// <summary>Decides on a record: sets <see cref="FilterCounts.Accepted"/> when it is kept, returns a rejection when it is unusable.</summary>
    private static Rejection? Judge(JsonObject record, FilterCounts counts)
    {
        counts.Accepted = null;
        var known = RecordFields.TryCategory(record, out var category, out var rejection);
        counts.SawCategory(missing: rejection?.Code is RejectionCode.MissingCategory);
        if (known && !IsUsed(category))
        {
            // Its messages are nobody's concern: it would not be used however well it were formed.
            counts.LeaveOut(category);
            return null;
        }

        if (!FeedbackItemLocator.TryLocate(record, null, out var item, out rejection))
        {
            return rejection;
        }

        var key = ContentKey.OfConversation(item.ConversationId, [.. item.Context, item.Answer, .. item.Feedback]);
        if (!counts.TryKeep(key, category, out var earlier))
        {
            if (earlier == category)
            {
                counts.Duplicates++;
                return null;
            }

            return new Rejection(
                RejectionCode.ConflictingCategory,
                RecordFields.Category,
                $"the same conversation was read before as {earlier}; keep the record that is right");
        }

        record[RecordFields.ItemId] = counts.ItemIds.Next(item.ConversationId);
        counts.Accepted = record;
        return null;
    }
}
