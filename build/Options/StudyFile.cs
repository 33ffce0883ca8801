using System.Globalization;
using System.Text;
using System.Text.Json;
using Cfx.Core.Redaction;

namespace Cfx.Build.Options;

/// <summary>Reads study.json: the study section's keys at the top, an object for each other section, and the arms. Comments and trailing
/// commas are welcome; unknown keys, wrong types and values out of range are not, and are reported all at once.</summary>
public static partial class StudyFile
{
    /// <param name="path">Where the file is.</param>
    /// <param name="shownAs">What messages call it.</param>
    /// <param name="catalog">The options that may stand in it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<StudyFileContent> ReadAsync(string path, string shownAs, OptionCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await File.ReadAllBytesAsync(path, cancellationToken), shownAs, catalog);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return StudyFileContent.Empty with { Faults = [$"{shownAs} cannot be read: {e.Message}"] };
        }
    }

    /// <param name="utf8">The file's bytes, with or without a byte order mark.</param>
    /// <param name="shownAs">What messages call it.</param>
    /// <param name="catalog">The options that may stand in it.</param>
    public static StudyFileContent Parse(ReadOnlySpan<byte> utf8, string shownAs, OptionCatalog catalog)
    {
        var bytes = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        var run = new Run(shownAs, catalog, new LineIndex(bytes));
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            run.ReadFile(ref reader);
        }
        catch (JsonException e)
        {
            run.Faults.Add(string.Create(CultureInfo.InvariantCulture, $"{shownAs}:{(e.LineNumber ?? 0) + 1}: not JSON: {FirstSentence(e.Message)}"));
        }
        catch (InvalidOperationException e)
        {
            run.Faults.Add($"{shownAs}: a text in it is not valid UTF-8: {e.Message}");
        }

        return new StudyFileContent(run.Values, run.Arms ?? ArmDefinition.Defaults, run.Faults) { Redact = run.Redact };
    }

    // The rest of the parser's message repeats the line, counted from 0.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private sealed partial class Run(string file, OptionCatalog catalog, LineIndex lines)
    {
        public List<OptionValue> Values { get; } = [];

        public IReadOnlyList<RedactionRule> Redact { get; private set; } = [];

        public List<string> Faults { get; } = [];

        public void ReadFile(ref Utf8JsonReader reader)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                Fault(reader.TokenStartIndex, "the file must be one object: { … }");
                return;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = Key(ref reader, seen, string.Empty, out var at);
                if (key.Equals("$schema", StringComparison.Ordinal))
                {
                    reader.Skip();
                }
                else if (key.Equals("arms", StringComparison.Ordinal))
                {
                    ReadArms(ref reader);
                }
                else if (key.Equals("redact", StringComparison.Ordinal))
                {
                    Redact = RedactionRulesReader.Read(ref reader, Fault);
                }
                else if (catalog.Sections.Contains(key, StringComparer.Ordinal) && !key.Equals(OptionCatalog.StudySection, StringComparison.Ordinal))
                {
                    ReadSection(ref reader, key);
                }
                else
                {
                    ReadOption(ref reader, OptionCatalog.StudySection, key, key, at, Values, [.. catalog.Sections.Skip(1), "arms", "redact"]);
                }
            }

            // Anything after the object is the parser's to refuse.
            reader.Read();
        }

        private void ReadSection(ref Utf8JsonReader reader, string section)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Fault(reader.TokenStartIndex, $"'{section}' must be an object of this section's options: {{ … }}");
                reader.Skip();
                return;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = Key(ref reader, seen, section + ".", out var at);
                ReadOption(ref reader, section, key, $"{section}.{key}", at, Values, []);
            }
        }

        private string Key(ref Utf8JsonReader reader, HashSet<string> seen, string prefix, out long at)
        {
            at = reader.TokenStartIndex;
            var key = reader.GetString()!;
            if (!seen.Add(key))
            {
                Fault(at, $"'{prefix}{key}' stands there twice");
            }

            reader.Read();
            return key;
        }

        private void ReadOption(
            ref Utf8JsonReader reader,
            string section,
            string key,
            string shown,
            long at,
            List<OptionValue> into,
            IReadOnlyList<string> otherKeys)
        {
            var definition = catalog.Find(section, key);
            if (definition is null)
            {
                var known = catalog.Section(section).Where(o => !o.CommandLineOnly).Select(o => o.Key).Concat(otherKeys).ToList();
                var hint = NearestName.Hint(key, known);
                Fault(at, $"unknown key '{shown}'{(hint.Length > 0 ? hint : known.Count == 0 ? "; this section has no options" : $"; known are {string.Join(", ", known)}")}");
                reader.Skip();
                return;
            }

            if (definition.CommandLineOnly)
            {
                Fault(at, $"'{shown}' is a matter of one run: give it on the command line, --{key}");
                reader.Skip();
                return;
            }

            if (ReadText(ref reader, definition, shown, at) is not { } text)
            {
                return;
            }

            if (definition.Check(text) is { } wrong)
            {
                Fault(at, $"'{shown}': {wrong}");
                return;
            }

            into.Add(new OptionValue(definition, text, OptionOrigin.StudyFile, string.Create(CultureInfo.InvariantCulture, $"{file} line {lines.LineOf(at)}")));
        }

        private string? ReadText(ref Utf8JsonReader reader, OptionDefinition definition, string shown, long at)
        {
            var isNumber = definition.Kind is OptionKind.WholeNumber or OptionKind.Number;
            switch (reader.TokenType)
            {
                case JsonTokenType.Number when isNumber:
                    return Encoding.UTF8.GetString(reader.ValueSpan);
                case JsonTokenType.True or JsonTokenType.False when definition.Kind == OptionKind.Flag:
                    return reader.TokenType == JsonTokenType.True ? "true" : "false";
                case JsonTokenType.String when definition.Kind != OptionKind.Flag && (!isNumber || definition.Words.Contains(reader.GetString()!, StringComparer.Ordinal)):
                    return reader.GetString();
                case JsonTokenType.StartArray when definition.Kind == OptionKind.List:
                    return ReadList(ref reader, shown);
                case JsonTokenType.Null:
                    Fault(at, $"'{shown}' is null: leave the key out for the default");
                    return null;
                default:
                    Fault(at, $"'{shown}' must be {definition.Expected}, not {Describe(reader.TokenType)}");
                    reader.Skip();
                    return null;
            }
        }

        private string? ReadList(ref Utf8JsonReader reader, string shown)
        {
            var items = new List<string>();
            var sound = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    items.Add(reader.GetString()!);
                    continue;
                }

                sound = false;
                Fault(reader.TokenStartIndex, $"an item of '{shown}' must be a text, not {Describe(reader.TokenType)}");
                reader.Skip();
            }

            return sound ? string.Join(',', items) : null;
        }

        private static string Describe(JsonTokenType type) => type switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "a text in quotes",
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "true or false",
            _ => "null",
        };

        private void Fault(long at, string message) =>
            Faults.Add(string.Create(CultureInfo.InvariantCulture, $"{file}:{lines.LineOf(at)}: {message}{(message.EndsWith('?') ? string.Empty : ".")}"));
    }
}
