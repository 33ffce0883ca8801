namespace Cfx.Build.Options;

/// <summary>Works out which option each name on the command line means for the requested targets: one the targets read themselves, else
/// the only one among the stages before them; a name that could mean two is refused with the names that cannot be misread.</summary>
public sealed class OptionResolver(OptionCatalog catalog, IReadOnlyList<string> hostOptions)
{
    /// <summary>Everything the command line gives, checked.</summary>
    /// <param name="tokens">In the order typed.</param>
    /// <param name="scope">What the requested targets read.</param>
    /// <param name="faults">Takes one line for each thing that is wrong.</param>
    public IReadOnlyList<OptionValue> Resolve(IEnumerable<OptionToken> tokens, OptionScope scope, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(faults);
        var values = new Dictionary<string, OptionValue>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            if (Meaning(token, scope, faults) is not { } definition)
            {
                continue;
            }

            var text = token.Value ?? (definition.Kind == OptionKind.Flag ? "true" : string.Empty);
            if (definition.Check(text) is { } wrong)
            {
                faults.Add($"{token.Name}: {wrong}{(wrong.EndsWith('?') ? string.Empty : ".")}");
                continue;
            }

            if (values.TryGetValue(definition.QualifiedName, out var before) && definition.IsRepeatable)
            {
                text = before.Text + ";" + text;
            }
            else if (before is not null && !string.Equals(before.Text, text, StringComparison.Ordinal))
            {
                faults.Add($"{token.Name}: given twice, as '{before.Text}' and as '{text}'.");
                continue;
            }

            values[definition.QualifiedName] = new OptionValue(definition, text, OptionOrigin.CommandLine, token.Name);
        }

        return [.. values.Values];
    }

    private static bool Matches(OptionDefinition option, OptionToken token) =>
        token.IsLong
            ? option.Key.Equals(token.BareName, StringComparison.Ordinal)
            : option.ShortNames.Contains(token.BareName, StringComparer.Ordinal);

    private static string Qualified(IEnumerable<OptionDefinition> options) => string.Join(", ", options.Select(o => $"--{o.QualifiedName}"));

    private OptionDefinition? Meaning(OptionToken token, OptionScope scope, ICollection<string> faults)
    {
        if (token.IsLong && catalog.FindQualified(token.BareName) is { } qualified)
        {
            return qualified;
        }

        var all = catalog.All.Where(o => Matches(o, token)).ToList();
        var own = all.Where(o => scope.Own.Contains(o.Section)).ToList();

        // Between choices that share a name the value decides, where it fits one of them alone: --mode=batch and --mode=feedback.
        var fitting = all.FindAll(o => o.Kind == OptionKind.Choice && (scope.Own.Contains(o.Section) || scope.Predecessors.Contains(o.Section)) && o.Check(token.Value ?? string.Empty) is null);
        if (fitting.Count == 1 && all.TrueForAll(o => o.Kind == OptionKind.Choice) && token.IsLong)
        {
            return fitting[0];
        }

        if (own.Count == 1)
        {
            return own[0];
        }

        var candidates = own.Count > 1 ? own : all.Where(o => scope.Predecessors.Contains(o.Section)).ToList();
        if (candidates.Count == 1)
        {
            return candidates[0];
        }

        if (candidates.Count > 1)
        {
            var primary = candidates.Where(o => o.PrimaryInStudy).ToList();
            if (primary.Count == 1 && scope.Own.Contains(OptionCatalog.StudySection))
            {
                return primary[0];
            }

            faults.Add($"{token.Name} can mean several things for {string.Join(", ", scope.Targets)}: say {Qualified(candidates)}.");
            return null;
        }

        faults.Add(all.Count > 0 ? Misplaced(token, all, scope) : Unknown(token, scope));
        return null;
    }

    private static string Misplaced(OptionToken token, List<OptionDefinition> options, OptionScope scope)
    {
        // Many targets read a section; the one that is called like it is the one to name.
        var targets = options
            .SelectMany(o => scope.TargetsOfSection(o.Section) is var all && all.Where(t => t.Equals(o.Section, StringComparison.OrdinalIgnoreCase)).ToList() is { Count: > 0 } same ? same : all)
            .Distinct(StringComparer.Ordinal).ToList();
        return $"{token.Name} is not an option of {string.Join(", ", scope.Targets)}"
            + (targets.Count > 0 ? $"; it belongs to {string.Join(", ", targets)}." : $"; it is {Qualified(options)}.");
    }

    private string Unknown(OptionToken token, OptionScope scope)
    {
        var inScope = catalog.All.Where(o => scope.Own.Contains(o.Section) || scope.Predecessors.Contains(o.Section)).ToList();
        var hint = token.IsLong
            ? NearestName.Hint(token.BareName, [.. inScope.Select(o => o.Key), .. inScope.Select(o => o.QualifiedName), .. hostOptions], "--")
            : token.BareName.Length > 2
                ? NearestName.Hint(token.BareName, [.. inScope.Select(o => o.Key), .. hostOptions], "--")
                : NearestShort(token, inScope);
        return hint.Length > 0
            ? $"Unknown option {token.Name}{hint}"
            : $"Unknown option {token.Name}. --target={scope.Targets[0]} --help lists the options.";
    }

    private static string NearestShort(OptionToken token, List<OptionDefinition> inScope)
    {
        var names = inScope.SelectMany(o => o.ShortNames)
            .Where(n => n.Equals(token.BareName, StringComparison.OrdinalIgnoreCase) || (n[0] == token.BareName[0] && n.Length != token.BareName.Length))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return names.Count == 0 ? string.Empty : $"; did you mean {string.Join(" or ", names.Select(n => $"-{n}"))}?";
    }
}
