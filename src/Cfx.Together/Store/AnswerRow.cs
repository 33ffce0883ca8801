using System.Globalization;
using System.Text;
using Cfx.Core.Generation;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>An answered call as a row of the table.</summary>
internal static class AnswerRow
{
    private const decimal NanoPerUsd = 1_000_000_000m;

    /// <summary>The columns, in the order in which <see cref="Read"/> expects them. A text with a null character is only read whole as bytes.</summary>
    public const string Columns =
        "key, server, model_identity, stage, study, model, request, CAST(text AS BLOB), finish_reason, outcome, created_at, prompt_tokens, "
        + "completion_tokens, price_nano_usd, sent_at, answered_at, request_id";

    private static readonly string[] Names =
    [
        "$key", "$server", "$identity", "$stage", "$study", "$model", "$request", "$text", "$finish", "$outcome", "$created", "$prompt",
        "$completion", "$price", "$sent", "$answered", "$id",
    ];

    /// <summary>A command that stores a row unless its key is there.</summary>
    public static SqliteCommand Insert(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO answers (key, server, model_identity, stage, study, model, request, text, finish_reason, outcome, created_at, prompt_tokens, "
            + $"completion_tokens, price_nano_usd, sent_at, answered_at, request_id) VALUES ({string.Join(", ", Names)}) ON CONFLICT (key) DO NOTHING";
        foreach (var name in Names)
        {
            command.Parameters.Add(new SqliteParameter(name, null));
        }

        return command;
    }

    public static void Bind(SqliteCommand command, StoredAnswer answer)
    {
        var reply = answer.Reply;
        object?[] values =
        [
            answer.Key, answer.Server, answer.ModelIdentity, answer.Stage, answer.Study, answer.Model, answer.Request, reply.Content,
            reply.FinishReason, OutcomeWords.Of(reply.Outcome), Time(reply.CreatedAt), reply.PromptTokens, reply.CompletionTokens,
            Nano(answer.PriceUsd),
            Time(answer.SentAt), Time(answer.AnsweredAt), reply.RequestId,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }

    public static StoredAnswer Read(SqliteDataReader row) => new()
    {
        Key = row.GetString(0),
        Server = row.GetString(1),
        ModelIdentity = Text(row, 2),
        Stage = row.GetString(3),
        Study = row.GetString(4),
        Model = row.GetString(5),
        Request = row.GetString(6),
        Reply = new ChatReply(
            OutcomeWords.Read(row.GetString(9)) ?? throw new FormatException($"the outcome '{row.GetString(9)}' is not known"),
            Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(7)),
            row.GetString(8),
            Time(row.GetString(10)),
            Number(row, 11) is { } prompt ? checked((int)prompt) : null,
            Number(row, 12) is { } completion ? checked((int)completion) : null)
        {
            RequestId = Text(row, 16),
        },
        PriceUsd = Usd(Number(row, 13)),
        SentAt = Time(row.GetString(14)),
        AnsweredAt = Time(row.GetString(15)),
    };

    public static long? Nano(decimal? usd) => usd is { } known ? (long)decimal.Round(known * NanoPerUsd) : null;

    public static decimal? Usd(long? nano) => nano / NanoPerUsd;

    /// <summary>UTC to the tick, of one length, so that times compare as texts.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">It is not such a time.</exception>
    public static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(
        text, "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
