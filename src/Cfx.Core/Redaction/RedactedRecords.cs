using System.Runtime.CompilerServices;
using Cfx.Core.Conversations;

namespace Cfx.Core.Redaction;

/// <summary>Reads a user's file without what the rules name, so that nothing made from it can hold that.</summary>
public static class RedactedRecords
{
    /// <inheritdoc cref="ConversationReader.ReadAsync"/>
    /// <param name="path">UTF-8, with or without a byte order mark.</param>
    /// <param name="redactor">The study's rules.</param>
    /// <param name="counts">Counts replacements; null to count none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<ReadRecord> ReadAsync(
        string path, Redactor redactor, RedactionCounts? counts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(redactor);
        await foreach (var read in ConversationReader.ReadAsync(path, cancellationToken))
        {
            if (read.Value is { } record)
            {
                redactor.Apply(record, counts);
            }

            // A line that is not JSON is kept with the reason, so it is redacted like any text.
            yield return redactor.IsEmpty || read.Rejected is not { } rejected ? read : new ReadRecord(Redact(rejected, redactor, counts));
        }
    }

    private static RejectedRecord Redact(RejectedRecord rejected, Redactor redactor, RedactionCounts? counts)
    {
        redactor.Apply(rejected.Record, counts);
        return rejected with
        {
            RawText = rejected.RawText is { } text ? redactor.Apply(text, counts) : null,
            Rejection = rejected.Rejection with { Reason = redactor.Apply(rejected.Rejection.Reason) },
        };
    }
}
