using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Redaction;

/// <summary>Takes out of texts what a study's rules name. What is put in place is never looked at again, so redacting twice changes nothing, and
/// nothing that a rule matches is left.</summary>
public sealed class Redactor
{
    // They group and name items.
    private static readonly HashSet<string> Ids = [RecordFields.ConversationId, RecordFields.ItemId];

    // Fields of one word that the program chooses from a few.
    private static readonly HashSet<string> Words = [RecordFields.Category, RecordFields.Side, RecordFields.Role, "generation_method", "status"];

    private readonly RedactionRule[] _rules;
    private readonly HashSet<string> _tokens;

    /// <param name="rules">The user's own look at a text first, in this order.</param>
    public Redactor(IEnumerable<RedactionRule> rules)
    {
        _rules = [.. rules.OrderBy(r => r.Precedence)];
        _tokens = _rules.Select(r => r.Replacement).ToHashSet(StringComparer.Ordinal);
        Identity = string.Join(", ", _rules.Select(r => r.Precedence > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{r.Name} {BuiltInRules.Version}")
            : $"{r.Name} /{r.Pattern}/ {r.Replacement}"));
    }

    /// <summary>No rules: every text stays as it is.</summary>
    public static Redactor None { get; } = new([]);

    /// <summary>Whether there are no rules.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>All that decides what is replaced by what; empty without rules.</summary>
    public string Identity { get; }

    /// <summary>The rules' names.</summary>
    public IEnumerable<string> Names => _rules.Select(r => r.Name);

    /// <summary>The text without what the rules match; the same instance when they match nothing.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="counts">Counts replacements; null to count none.</param>
    /// <exception cref="StageFailedException">A rule takes too long.</exception>
    public string Apply(string text, RedactionCounts? counts = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsEmpty || text.Length == 0)
        {
            return text;
        }

        var pieces = RedactionTokens.Split(text, _tokens);
        var changed = false;

        // A piece that has lost its neighbours may match where it did not before.
        while (Pass(ref pieces, counts))
        {
            changed = true;
        }

        return changed ? string.Concat(pieces.Select(p => p.Text)) : text;
    }

    /// <summary>Whether a rule matches anywhere outside of what was put in place.</summary>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return !IsEmpty && RedactionTokens.Split(text, _tokens).Exists(p => !p.IsToken && _rules.Any(r => r.TryFind(p.Text, 0, out _)));
    }

    /// <summary>Redacts every text in a record but for ids, categories and roles.</summary>
    /// <param name="record">Changed in place.</param>
    /// <param name="counts">Counts replacements; null to count none.</param>
    public void Apply(JsonNode? record, RedactionCounts? counts = null)
    {
        if (IsEmpty)
        {
            return;
        }

        switch (record)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields.ToList())
                {
                    if (TextOf(value) is not { } text)
                    {
                        Apply(value, counts);
                    }
                    else if (!IsStructural(name, text) && Apply(text, counts) is var redacted && !ReferenceEquals(redacted, text))
                    {
                        fields[name] = redacted;
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (TextOf(items[i]) is not { } text)
                    {
                        Apply(items[i], counts);
                    }
                    else if (Apply(text, counts) is var redacted && !ReferenceEquals(redacted, text))
                    {
                        items[i] = redacted;
                    }
                }

                break;
        }
    }

    private static bool IsStructural(string name, string text) =>
        Ids.Contains(name) || (Words.Contains(name) && text.Length <= 24 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private bool Pass(ref List<(string Text, bool IsToken)> pieces, RedactionCounts? counts)
    {
        var changed = false;
        foreach (var rule in _rules)
        {
            List<(string, bool)>? next = null;
            for (var i = 0; i < pieces.Count; i++)
            {
                var (text, isToken) = pieces[i];
                if (isToken || !rule.TryFind(text, 0, out var found))
                {
                    next?.Add(pieces[i]);
                    continue;
                }

                next ??= [.. pieces.Take(i)];
                var from = 0;
                do
                {
                    var (start, length) = found.GetOffsetAndLength(text.Length);
                    if (start > from)
                    {
                        next.Add((text[from..start], false));
                    }

                    next.Add((rule.Replacement, true));
                    counts?.Add(rule.Name);
                    from = start + length;
                }
                while (rule.TryFind(text, from, out found));

                if (from < text.Length)
                {
                    next.Add((text[from..], false));
                }
            }

            if (next is not null)
            {
                pieces = next;
                changed = true;
            }
        }

        return changed;
    }
}
