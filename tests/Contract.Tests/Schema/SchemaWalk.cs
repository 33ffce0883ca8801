using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Schema;

/// <summary>Goes through a valid message beside its schema, into those alternatives that fit.</summary>
internal sealed class SchemaWalk(SchemaValidator validator)
{
    /// <summary>Every field that is there and that the schema requires there, as the object and the field's name.</summary>
    public IReadOnlyList<(string At, JsonObject Parent, string Name)> Required(JsonNode? value, JsonNode schema)
    {
        var found = new List<(string At, JsonObject Parent, string Name)>();
        Visit(value, schema, "$", (at, node, s) =>
        {
            if (node is JsonObject parent && s["required"] is JsonArray names)
            {
                found.AddRange(names.Select(name => name!.GetValue<string>()).Where(parent.ContainsKey).Select(name => ($"{at}.{name}", parent, name)));
            }
        });
        return [.. found.Distinct()];
    }

    /// <summary>The places of every field that the schema calls deprecated.</summary>
    public IReadOnlyList<string> Deprecated(JsonNode? value, JsonNode schema)
    {
        var found = new List<string>();
        Visit(value, schema, "$", (at, _, s) =>
        {
            if (s["deprecated"]?.GetValue<bool>() is true)
            {
                found.Add(at);
            }
        });
        return found;
    }

    /// <summary>The places of every field that the schema does not name, list indices left out. Objects with open names have none.</summary>
    public IReadOnlySet<string> Unnamed(JsonNode? value, JsonNode schema)
    {
        var present = new Dictionary<JsonObject, string>(ReferenceEqualityComparer.Instance);
        var named = new Dictionary<JsonObject, HashSet<string>>(ReferenceEqualityComparer.Instance);
        Visit(value, schema, "$", (at, node, s) =>
        {
            if (node is JsonObject o)
            {
                present[o] = at;
                named.TryAdd(o, new HashSet<string>(StringComparer.Ordinal));
                named[o].UnionWith((s["properties"] as JsonObject ?? []).Select(p => p.Key));
                named[o].UnionWith(s["additionalProperties"] is null ? [] : o.Select(p => p.Key));
            }
        });
        return present.SelectMany(p => p.Key.Where(field => !named[p.Key].Contains(field.Key)).Select(field => $"{p.Value}.{field.Key}"))
            .Select(WithoutIndices).ToHashSet(StringComparer.Ordinal);
    }

    private static string WithoutIndices(string at) =>
        System.Text.RegularExpressions.Regex.Replace(at, @"\[\d+\]", "[]", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));

    private void Visit(JsonNode? value, JsonNode schema, string at, Action<string, JsonNode?, JsonObject> visit)
    {
        if (schema is not JsonObject s)
        {
            return;
        }

        visit(at, value, s);
        if (s["$ref"] is { } reference)
        {
            Visit(value, validator.Resolve(reference.GetValue<string>()), at, visit);
        }

        foreach (var part in (s["allOf"] as JsonArray ?? []).Concat(
            new[] { "anyOf", "oneOf" }.SelectMany(word => s[word] as JsonArray ?? []).Where(part => validator.IsValid(value, part!))))
        {
            Visit(value, part!, at, visit);
        }

        if (value is JsonObject o)
        {
            var properties = s["properties"] as JsonObject ?? [];
            foreach (var (name, item) in o)
            {
                if ((properties[name] ?? s["additionalProperties"]) is { } part)
                {
                    Visit(item, part, $"{at}.{name}", visit);
                }
            }
        }
        else if (value is JsonArray list && s["items"] is { } items)
        {
            for (var i = 0; i < list.Count; i++)
            {
                Visit(list[i], items, FormattableString.Invariant($"{at}[{i}]"), visit);
            }
        }
    }
}
