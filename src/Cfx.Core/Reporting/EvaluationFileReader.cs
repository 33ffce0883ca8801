using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Reporting;

/// <summary>Reads an evaluation file row by row, however many there are: only the current row is held.</summary>
/// <param name="path">A file that the evaluating stage wrote.</param>
public sealed class EvaluationFileReader(string path)
{
    private const string RowsName = "evaluations";

    private enum State
    {
        Start,
        Members,
        Rows,
        End,
    }

    private enum Step
    {
        /// <summary>The buffer ends within a token or value.</summary>
        NeedsMore,

        /// <summary>Something was read that is no row.</summary>
        Moved,

        Row,
        End,
    }

    private State _state;
    private JsonReaderState _json = new(new JsonReaderOptions { MaxDepth = 64 });
    private string? _member;
    private long _row;

    /// <summary>The file's "metadata"; null until reading has passed it. The stage writes it before the rows.</summary>
    public JsonObject? Metadata { get; private set; }

    /// <summary>The file's "statistics"; null until reading has passed it. The stage writes it before the rows.</summary>
    public JsonObject? Statistics { get; private set; }

    /// <summary>The file's "summary"; null until reading has passed it. The stage writes it before the rows.</summary>
    public JsonObject? Summary { get; private set; }

    /// <summary>The rows in file order.</summary>
    /// <exception cref="MisuseException">The file is missing, broken or incomplete; names file and place.</exception>
    public IAsyncEnumerable<EvaluationRow> ReadAsync(CancellationToken cancellationToken) => ReadAsync(Row, cancellationToken);

    /// <summary>The rows in file order, with all that they hold.</summary>
    /// <exception cref="MisuseException">The file is missing, broken or incomplete; names file and place.</exception>
    public IAsyncEnumerable<JsonObject> ReadWholeAsync(CancellationToken cancellationToken) => ReadAsync(
        element => element.ValueKind == JsonValueKind.Object ? ForeignJson.Object(element, repairsTexts: false) : throw Broken($"row {_row} is not a JSON object"), cancellationToken);

    /// <summary>The rows in file order, whether this project or the original scripts wrote them.</summary>
    /// <exception cref="MisuseException">The file is missing, broken or incomplete; names file and place.</exception>
    public IAsyncEnumerable<(EvaluationRow? Own, OriginalRow? Original)> ReadAnyAsync(CancellationToken cancellationToken) => ReadAsync(
        element => OriginalRow.IsOne(element) ? ((EvaluationRow?)null, (OriginalRow?)OriginalRow.Read(element, Metadata)) : (Row(element), null), cancellationToken);

    private async IAsyncEnumerable<T> ReadAsync<T>(Func<JsonElement, T> select, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = Open();
        var buffer = new byte[1 << 16];
        int filled = 0, used = 0;
        var isLast = false;
        while (_state != State.End)
        {
            var step = Advance(buffer.AsSpan(used, filled - used), isLast, out var consumed, out var row);
            used += consumed;
            if (row is not null)
            {
                _row++;
                using (row)
                {
                    yield return Select(row.RootElement, select);
                }
            }

            if (step == Step.NeedsMore)
            {
                if (isLast)
                {
                    throw Broken("it ends too early");
                }

                buffer.AsSpan(used, filled - used).CopyTo(buffer);
                filled -= used;
                used = 0;
                if (filled > buffer.Length / 2)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
                filled += read;
                isLast = read == 0;
            }
        }
    }

    // A text that was cut within a character, as other programs write it, is mended only when something trips over it: texts are long.
    private static T Select<T>(JsonElement row, Func<JsonElement, T> select)
    {
        try
        {
            return select(row);
        }
        catch (InvalidOperationException)
        {
            using var mended = JsonDocument.Parse(JsonTextRepair.Repair(Encoding.UTF8.GetBytes(row.GetRawText())).ToArray());
            return select(mended.RootElement);
        }
    }

    private FileStream Open()
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MisuseException($"{path}: no such file; run Evaluate for this comparison first.", e);
        }
    }

    private Step Advance(ReadOnlySpan<byte> bytes, bool isLast, out int consumed, out JsonDocument? row)
    {
        row = null;
        consumed = 0;
        var reader = new Utf8JsonReader(bytes, isLast, _json);
        try
        {
            var step = Advance(ref reader, out row);
            if (step != Step.NeedsMore)
            {
                // Only a whole step is taken over; a half one is read again with more bytes.
                consumed = (int)reader.BytesConsumed;
                _json = reader.CurrentState;
            }

            return step;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A name that is half a surrogate pair is no JSON error to the library.
            throw Broken(e.Message.Split('\n')[0], e);
        }
    }

    private Step Advance(ref Utf8JsonReader reader, out JsonDocument? row)
    {
        row = null;
        if (!reader.Read())
        {
            return Step.NeedsMore;
        }

        switch (_state)
        {
            case State.Start:
                _state = reader.TokenType == JsonTokenType.StartObject ? State.Members : throw Broken("it is not a JSON object");
                return Step.Moved;
            case State.Rows when reader.TokenType == JsonTokenType.EndArray:
                _state = State.Members;
                return Step.Moved;
            case State.Rows:
                return JsonDocument.TryParseValue(ref reader, out row) ? Step.Row : Step.NeedsMore;

            case State.Members when _member is null:
                if (reader.TokenType == JsonTokenType.EndObject)
                {
                    _state = State.End;
                    return Step.End;
                }

                _member = reader.GetString();
                return Step.Moved;
            case State.Members when _member == RowsName && reader.TokenType == JsonTokenType.StartArray:
                _member = null;
                _state = State.Rows;
                return Step.Moved;
            default:
                if (!JsonDocument.TryParseValue(ref reader, out var member))
                {
                    return Step.NeedsMore;
                }

                using (member)
                {
                    if (member.RootElement.ValueKind == JsonValueKind.Object)
                    {
                        Metadata = _member == "metadata" ? ForeignJson.Object(member.RootElement, repairsTexts: true) : Metadata;
                        Summary = _member == "summary" ? ForeignJson.Object(member.RootElement, repairsTexts: true) : Summary;
                        Statistics = _member == "statistics" ? ForeignJson.Object(member.RootElement, repairsTexts: true) : Statistics;
                    }
                }

                _member = null;
                return Step.Moved;
        }
    }

    private EvaluationRow Row(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || Text(element, "item_id") is not { } itemId
            || Text(element, "conversation_id") is not { } conversationId
            || EvaluationWords.Outcome(Text(element, "outcome")) is not { } outcome)
        {
            throw Broken($"row {_row} lacks item_id, conversation_id or a known outcome");
        }

        var kind = EvaluationWords.Tie(Text(element, "tie_kind"));
        if ((outcome == OutcomeKind.Tie) != (kind is not null))
        {
            throw Broken($"row {_row}: outcome and tie_kind do not fit together");
        }

        var shape = PairShape.Of(element);
        var row = new EvaluationRow(itemId, conversationId, new PairOutcome(outcome, kind), EvaluationWords.Cause(Text(element, "incomplete_cause")))
        {
            Category = Text(element, "category"),
            Shape = shape,
        };
        return WithVerdicts(row, element);
    }

    private EvaluationRow WithVerdicts(EvaluationRow row, JsonElement element)
    {
        if (!element.TryGetProperty("judgments", out var judgments) || judgments.ValueKind != JsonValueKind.Array)
        {
            return row;
        }

        var votes = new List<JudgeVote>();
        foreach (var judgment in judgments.EnumerateArray())
        {
            if (judgment.ValueKind == JsonValueKind.Object)
            {
                var verdict = EvaluationWords.Slot(Text(judgment, "verdict"));
                var isNormal = Text(judgment, "order") == EvaluationWords.Normal;
                row = isNormal ? row with { Normal = verdict } : row with { Reversed = verdict };
                AddVotes(votes, judgment, isNormal);
            }
        }

        row = row with { Votes = votes };

        return row is { Normal: { } normal, Reversed: { } reversed } && PairOutcome.Combine(normal, reversed) != row.Outcome
            ? throw Broken($"row {_row}: outcome and verdicts do not fit together")
            : row;
    }

    private static void AddVotes(List<JudgeVote> votes, JsonElement judgment, bool isNormal)
    {
        if (!judgment.TryGetProperty("votes", out var said) || said.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var vote in said.EnumerateObject())
        {
            var verdict = vote.Value.ValueKind == JsonValueKind.String ? EvaluationWords.Slot(vote.Value.GetString()) : null;
            var at = votes.FindIndex(v => v.Judge == vote.Name);
            if (at < 0)
            {
                at = votes.Count;
                votes.Add(new JudgeVote(vote.Name, null, null));
            }

            votes[at] = isNormal ? votes[at] with { Normal = verdict } : votes[at] with { Reversed = verdict };
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private MisuseException Broken(string what, Exception? cause = null) =>
        new($"{path}: not a whole evaluation file: {what}; run Evaluate for this comparison again.", cause);
}
