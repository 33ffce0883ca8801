using System.Globalization;
using System.Text.Json;
using Cfx.Core.Artifacts;
using Cfx.Core.Conversations;
using Cfx.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Makes training files from one processed file given by hand, outside a study.</summary>
public sealed class StandalonePreparation(ILogger logger)
{
    private const string Method = "input";

    /// <exception cref="MisuseException">The file is missing or is not JSON, or an option is out of range.</exception>
    /// <exception cref="StageFailedException">No record could be used.</exception>
    public async Task<StandaloneSummary> RunAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        await using var arm = new ArmWriter(Method, options.TrainingPath, options.ValidationPath);
        await using var leftOutFile = AtomicFile.Create(options.LeftOutPath);
        var leftOut = new LeftOutWriter(leftOutFile.Stream);
        var records = 0;
        await foreach (var read in RedactedRecords.ReadAsync(options.InputPath, options.Redactor, null, cancellationToken))
        {
            records++;
            var record = Record(read);
            var (line, fault) = record.Reason is null ? record.Example(options.MaxContextTurns) : (default, null);
            var reason = record.Reason ?? (fault is null ? null : ProcessedRecord.BadForm);
            if (reason is not null)
            {
                await leftOut.AddAsync(record.ItemId ?? record.ConversationId ?? Place(read.Position), Method, "", reason, record.Detail ?? fault, cancellationToken);
                continue;
            }

            var key = record.ConversationId ?? record.ItemId ?? record.ContextKey().ToString("x32", CultureInfo.InvariantCulture);
            await arm.AddAsync(line, ContentKey.Share(string.Create(CultureInfo.InvariantCulture, $"{options.Seed}\n{key}")) >= options.TrainSplit, record.IsPositive, cancellationToken);
            if (arm.Counts.Training + arm.Counts.Validation == options.MaxConversations)
            {
                break;
            }
        }

        await leftOutFile.CommitAsync(cancellationToken);
        if (arm.Counts.Training == 0)
        {
            throw new StageFailedException(
                $"'{options.InputPath}' gives no training example: {records} records read, left out: {leftOut.Describe()}, "
                + $"{arm.Counts.Validation} for validation. Processed records with \"improved\": true are needed; see '{options.LeftOutPath}'.");
        }

        await arm.CommitAsync(cancellationToken);
        var reasons = leftOut.Counts.GetValueOrDefault(Method) ?? new Dictionary<string, int>(StringComparer.Ordinal);
        var summary = new StandaloneSummary(records, arm.Counts, reasons.Values.Sum(), reasons);
        await AtomicFile.WriteTextAsync(
            options.SummaryPath, JsonSerializer.Serialize(summary, TrainingJson.Default.StandaloneSummary) + "\n", cancellationToken);
        logger.LogInformation(
            "{Input}: {Training} training and {Validation} validation examples; left out: {LeftOut}",
            options.InputPath, arm.Counts.Training, arm.Counts.Validation, leftOut.Describe());
        return summary;
    }

    private static ProcessedRecord Record(ReadRecord read)
    {
        if (read.Value is { } value)
        {
            return ProcessedRecord.Read(value);
        }

        var fault = read.Rejected!;
        return fault.Rejection.Code is RejectionCode.InvalidJson
            ? throw new MisuseException($"{fault}. Mend it there.")
            : new ProcessedRecord(null, null, false, [], ProcessedRecord.BadForm, fault.Rejection.Reason);
    }

    private static string Place(RecordPosition position) => position.Index is { } index
        ? string.Create(CultureInfo.InvariantCulture, $"record {index + 1}")
        : string.Create(CultureInfo.InvariantCulture, $"line {position.Line}");
}
