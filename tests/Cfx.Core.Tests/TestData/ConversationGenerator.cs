using System.Globalization;
using System.Text.Json.Nodes;

namespace Cfx.TestData;

/// <summary>Makes conversations of varied shape, as many as a test wants, one at a time. Record number n depends on the seed and n alone, so that
/// any record can be made again without keeping it.</summary>
public sealed class ConversationGenerator(ConversationGeneratorOptions options)
{
    private const string LoneSurrogateMark = "LONE-SURROGATE";

    private static readonly string[] Subjects =
    [
        "bread", "chess", "git", "tomatoes", "tax forms", "the harbour", "a school play", "winter tyres", "violins", "goats", "a thank-you letter", "fractions",
        "קפה", "القهوة", "コーヒー", "crème brûlée", "a 🚲 tour", "👩‍👩‍👧 holidays",
    ];

    private static readonly string[] Asks =
        ["How do I start with", "What should I know about", "Give me three ideas for", "Why do people like", "Compare two ways of", "Write a short text about"];

    private static readonly string[] Answers =
        ["Begin with something small.", "It depends on the season.", "Most people ask a neighbour first.", "Take notes each time.", "There are two schools of thought."];

    private static readonly string[] Negative = ["That is wrong.", "No, I meant something else.", "Too long, say it in one line.", "You forgot half of it."];

    private static readonly string[] Positive = ["Thanks, just right!", "Great, that helps 🙏", "Perfect."];

    private static readonly string[] Categories = ["UR1", "UR2", "UR2", "UR2", "UR3", "UR3", "UR4", "UR5", "UR5"];

    /// <summary>The records in order.</summary>
    public IEnumerable<GeneratedRecord> Records()
    {
        for (var number = 0; number < options.Count; number++)
        {
            yield return Record(number);
        }
    }

    /// <summary>Writes the records: a JSON array when the name ends in .json, otherwise JSONL.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken = default)
    {
        var array = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        await using var writer = new StreamWriter(path);
        await writer.WriteAsync(array ? "[" : "");
        var first = true;
        foreach (var record in Records())
        {
            await writer.WriteAsync(array && !first ? ",\n" : "");
            await writer.WriteAsync(record.Json.AsMemory(), cancellationToken);
            await writer.WriteAsync(array ? "" : "\n");
            first = false;
        }

        await writer.WriteAsync(array ? "]\n" : "");
    }

    /// <summary>One record.</summary>
    /// <param name="number">From 0; need not be below the count.</param>
    public GeneratedRecord Record(int number)
    {
        var draw = Draw.Of(options.Seed, number, stream: 0);
        if (number > 0 && draw.Chance(options.DuplicateRate))
        {
            // An earlier one that is no copy itself: the first is none.
            var original = draw.Below(number);
            while (original > 0 && Draw.Of(options.Seed, original, stream: 0).Chance(options.DuplicateRate))
            {
                original--;
            }

            return Original(original) with { IsDuplicate = true };
        }

        return Original(number);
    }

    private GeneratedRecord Original(int number)
    {
        var draw = Draw.Of(options.Seed, number, stream: 1);
        var awkward = draw.Chance(options.AwkwardRate) ? (AwkwardKind?)draw.Below(Enum.GetValues<AwkwardKind>().Length) : null;
        var id = number > 0 && draw.Chance(options.SharedIdRate) ? draw.Below(number) : number;
        var shared = number > 0 && draw.Chance(options.SharedContextRate);
        var category = draw.Pick(Categories);

        var messages = new JsonArray();
        if (shared)
        {
            // Few enough that they meet again; asked without more turns, so that the whole context is the same.
            messages.Add(Message("user", $"{Asks[draw.Below(Asks.Length)]}  {Subjects[draw.Below(Subjects.Length)]}?"));
        }
        else
        {
            AddContext(messages, draw, number);
        }

        messages.Add(Message("assistant", $"{draw.Pick(Answers)} {draw.Pick(Answers)} ({number})"));
        messages.Add(Message("user", draw.Pick(category is "UR5" ? Positive : Negative)));
        if (draw.Chance(0.1))
        {
            messages.Add(Message("user", "And one more thing: " + draw.Pick(Subjects)));
        }

        if (draw.Chance(0.02))
        {
            messages[^1]!["content"] = $"half a face {LoneSurrogateMark} here";
        }

        var record = new JsonObject
        {
            ["conversation_id"] = draw.Chance(0.1) && id == number ? JsonValue.Create(id) : $"c{id}",
            ["category"] = category,
            ["conversation_context"] = messages,
            ["score"] = JsonNode.Parse((number % 10).ToString(CultureInfo.InvariantCulture) + ".50"),
            ["nested"] = new JsonObject { ["tags"] = new JsonArray("a", number), ["nothing"] = null },
        };
        if (awkward is { } kind)
        {
            category = Spoil(record, messages, kind, category);
        }

        return new GeneratedRecord(record.ToJsonString().Replace(LoneSurrogateMark, "\\ud83d", StringComparison.Ordinal), category, awkward, IsDuplicate: false);
    }

    private static void AddContext(JsonArray messages, Draw draw, int number)
    {
        if (draw.Chance(0.2))
        {
            messages.Add(Message("system", "Answer briefly and kindly."));
        }

        var exchanges = draw.Below(4);
        for (var turn = 0; turn < exchanges; turn++)
        {
            messages.Add(Message("user", $"{draw.Pick(Asks)} {draw.Pick(Subjects)}?"));
            messages.Add(Message("assistant", draw.Pick(Answers)));
        }

        messages.Add(Message("user", $"{draw.Pick(Asks)} {draw.Pick(Subjects)}, case {number}?"));
    }

    private static string Spoil(JsonObject record, JsonArray messages, AwkwardKind kind, string category)
    {
        // A category that is not used would hide the fault.
        category = category is "UR1" or "UR4" ? "UR2" : category;
        record["category"] = category;
        switch (kind)
        {
            case AwkwardKind.MissingId:
                record.Remove("conversation_id");
                break;
            case AwkwardKind.BlankId:
                record["conversation_id"] = "  ";
                break;
            case AwkwardKind.MissingCategory:
                record["category"] = null;
                return "";
            case AwkwardKind.UnknownCategory:
                record["category"] = "UR9";
                return "";
            case AwkwardKind.NoContext:
                record["conversation_context"] = new JsonArray();
                break;
            case AwkwardKind.NullContent:
                messages[0]!["content"] = null;
                break;
            case AwkwardKind.BlankContent:
                messages[^1]!["content"] = " \n ";
                break;
            case AwkwardKind.MissingRole:
                messages[^1]!.AsObject().Remove("role");
                break;
            case AwkwardKind.ToolRole:
                messages[^1]!["role"] = "tool";
                break;
            case AwkwardKind.MessageIsText:
                messages[0] = "just text";
                break;
            case AwkwardKind.EndsWithAssistant:
                messages.Add(Message("assistant", "You are welcome."));
                break;
            case AwkwardKind.NoAssistant:
                record["conversation_context"] = new JsonArray(Message("user", "Hello?"), Message("user", "Anyone?"));
                break;
            case AwkwardKind.NoQuestion:
                record["conversation_context"] = new JsonArray(Message("assistant", "Good morning."), Message("user", "No."));
                break;
            case AwkwardKind.LateSystemMessage:
                messages.Add(Message("system", "Be polite."));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind");
        }

        return category;
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    // SplitMix64 (Steele, Lea, Flood 2014), here so that the generator needs nothing but itself.
    private sealed class Draw(ulong state)
    {
        private ulong _state = state;

        public static Draw Of(ulong seed, int number, int stream)
        {
            var draw = new Draw(seed * 0x9E3779B97F4A7C15UL + (ulong)number * 0xD1B54A32D192ED03UL + (ulong)stream * 0x8CB92BA72F3D8DD7UL);
            draw.Next();
            return draw;
        }

        public int Below(int bound) => (int)(Next() % (ulong)bound);

        public bool Chance(double rate) => (Next() >> 11) * (1.0 / (1UL << 53)) < rate;

        public string Pick(string[] from) => from[Below(from.Length)];

        private ulong Next()
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
