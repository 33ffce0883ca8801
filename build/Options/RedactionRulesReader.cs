using System.Globalization;
using System.Text.Json;
using Cfx.Core.Redaction;

namespace Cfx.Build.Options;

/// <summary>Reads the list "redact" of study.json: names of built-in rules, and objects with a rule of the user's own.</summary>
internal static class RedactionRulesReader
{
    private static readonly string[] Keys = ["name", "pattern", "replacement"];

    /// <param name="reader">At the value; afterwards at its end.</param>
    /// <param name="fault">Takes the offset and text of each thing that is wrong.</param>
    public static IReadOnlyList<RedactionRule> Read(ref Utf8JsonReader reader, Action<long, string> fault)
    {
        var rules = new List<RedactionRule>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            fault(reader.TokenStartIndex, "'redact' must be a list: [ \"email\", { \"name\": …, \"pattern\": … } ]");
            reader.Skip();
            return rules;
        }

        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            var at = reader.TokenStartIndex;
            var where = string.Create(CultureInfo.InvariantCulture, $"redact[{index}]");
            var rule = reader.TokenType switch
            {
                JsonTokenType.String => BuiltIn(reader.GetString()!, where, at, fault),
                JsonTokenType.StartObject => Own(ref reader, where, at, fault),
                _ => Neither(ref reader, where, at, fault),
            };
            if (rule is not null && rules.Exists(r => r.Name.Equals(rule.Name, StringComparison.OrdinalIgnoreCase)))
            {
                fault(at, $"'{where}' is '{rule.Name}', which another rule is called already");
            }
            else if (rule is not null)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private static RedactionRule? BuiltIn(string name, string where, long at, Action<long, string> fault)
    {
        if (BuiltInRules.Names.Contains(name, StringComparer.Ordinal))
        {
            return BuiltInRules.Get(name);
        }

        fault(at, $"'{where}' is '{name}', not one of {string.Join(", ", BuiltInRules.Names)}{NearestName.Hint(name, BuiltInRules.Names)}");
        return null;
    }

    private static RedactionRule? Neither(ref Utf8JsonReader reader, string where, long at, Action<long, string> fault)
    {
        fault(at, $"'{where}' must be the name of a rule or an object: {{ \"name\": …, \"pattern\": … }}");
        reader.Skip();
        return null;
    }

    private static RedactionRule? Own(ref Utf8JsonReader reader, string where, long start, Action<long, string> fault)
    {
        var texts = new Dictionary<string, (string Text, long At)>(StringComparer.Ordinal);
        var sound = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = reader.TokenStartIndex;
            var key = reader.GetString()!;
            reader.Read();
            var wrong = !Keys.Contains(key, StringComparer.Ordinal) ? $"unknown key '{where}.{key}'; known are {string.Join(", ", Keys)}"
                : reader.TokenType != JsonTokenType.String ? $"'{where}.{key}' must be a text in quotes"
                : !texts.TryAdd(key, (reader.GetString()!, at)) ? $"'{where}.{key}' stands there twice"
                : null;
            if (wrong is not null)
            {
                sound = false;
                fault(at, wrong);
                reader.Skip();
            }
        }

        foreach (var missing in Keys.Take(2).Where(k => !texts.TryGetValue(k, out var given) || given.Text.Length == 0))
        {
            sound = false;
            fault(start, $"'{where}' has no '{missing}'");
        }

        return sound ? Make(texts, where, fault) : null;
    }

    private static RedactionRule? Make(Dictionary<string, (string Text, long At)> texts, string where, Action<long, string> fault)
    {
        var (name, at) = texts["name"];
        if (!OptionDefinition.IsName(name))
        {
            fault(at, $"'{where}.name' is '{name}': use letters, digits, '.', '-' and '_', at most 64, beginning with a letter or digit");
            return null;
        }

        if (BuiltInRules.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            fault(at, $"'{where}.name' is '{name}', which is a built-in rule's");
            return null;
        }

        try
        {
            return RedactionRule.Custom(name, texts["pattern"].Text, texts.TryGetValue("replacement", out var replacement) ? replacement.Text : null);
        }
        catch (FormatException e)
        {
            fault(texts["pattern"].At, $"'{where}': {e.Message}");
            return null;
        }
    }
}
