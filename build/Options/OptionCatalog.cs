using System.Collections.Frozen;

namespace Cfx.Build.Options;

/// <summary>Every option there is, with its lookups.</summary>
public sealed class OptionCatalog
{
    private readonly FrozenDictionary<string, OptionDefinition> _byQualifiedName;

    /// <exception cref="InvalidOperationException">Two options have the same section and key, or one section has a short name twice.</exception>
    public OptionCatalog(IReadOnlyList<string> sections, IReadOnlyList<OptionDefinition> options)
    {
        Sections = sections;
        All = options;
        var twice = options.GroupBy(o => o.QualifiedName, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any())?.Key
            ?? options.SelectMany(o => o.ShortNames.Select(s => $"{o.Section} -{s}")).GroupBy(s => s, StringComparer.Ordinal)
                .FirstOrDefault(g => g.Skip(1).Any())?.Key
            ?? options.FirstOrDefault(o => !sections.Contains(o.Section, StringComparer.Ordinal))?.QualifiedName;
        if (twice is not null)
        {
            throw new InvalidOperationException($"Option {twice} is defined twice or in no section.");
        }

        _byQualifiedName = options.ToFrozenDictionary(o => o.QualifiedName, StringComparer.Ordinal);
    }

    /// <summary>The section whose keys stand at the top level of study.json and that every target has.</summary>
    public const string StudySection = "study";

    /// <summary>In the order in which help shows them.</summary>
    public IReadOnlyList<string> Sections { get; }

    public IReadOnlyList<OptionDefinition> All { get; }

    public IEnumerable<OptionDefinition> Section(string name) =>
        All.Where(o => o.Section.Equals(name, StringComparison.Ordinal));

    public OptionDefinition? Find(string section, string key) => _byQualifiedName.GetValueOrDefault($"{section}-{key}");

    /// <param name="name">Such as <c>finetune-learning-rate</c>.</param>
    public OptionDefinition? FindQualified(string name) => _byQualifiedName.GetValueOrDefault(name);

    /// <summary>The options of a section that belong to its stage's fingerprint, in a fixed order.</summary>
    public IReadOnlyList<OptionDefinition> Identity(string section) =>
        [.. Section(section).Where(o => o.Role == OptionRole.Identity).OrderBy(o => o.Key, StringComparer.Ordinal)];
}
