using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cfx.Core.Artifacts;
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
        await foreach (var (place, element) in JsonRecords.ReadAsync(options.InputPath, cancellationToken))
        {
            records++;
            var record = ProcessedRecord.Read(element);
            var (line, fault) = record.Reason is null ? record.Example(options.MaxContextTurns) : (default, null);
            var reason = record.Reason ?? (fault is null ? null : ProcessedRecord.BadForm);
            if (reason is not null)
            {
                await leftOut.AddAsync(record.ItemId ?? record.ConversationId ?? place, Method, "", reason, record.Detail ?? fault, cancellationToken);
                continue;
            }

            var key = record.ConversationId ?? record.ItemId ?? record.ContextHash();
            await arm.AddAsync(line, Share(options.Seed, key) >= options.TrainSplit, record.IsPositive, cancellationToken);
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

    /// <summary>A number in [0, 1) that depends on the seed and the conversation alone, so that more data moves nothing.</summary>
    internal static double Share(ulong seed, string conversationId)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{seed}\n{conversationId}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
