using System.Globalization;
using Cfx.Core.Redaction;

namespace Cfx.Build.Options;

/// <summary>Every option's value in this run. Asking for an option that does not exist, or for one as what it is not, is a mistake in the
/// program and throws <see cref="InvalidOperationException"/>.</summary>
public sealed class OptionValues
{
    private readonly Dictionary<string, OptionValue> _given;

    /// <param name="catalog">All options.</param>
    /// <param name="given">What study.json and the command line say; where both do, the later in the list counts.</param>
    /// <param name="arms">The trained arms, each once.</param>
    /// <param name="resolveProvider">Turns the option's value (<c>auto</c> too) into <c>together</c> or <c>sandbox</c>.</param>
    /// <param name="redactor">What must not leave this machine; null for no rules.</param>
    public OptionValues(
        OptionCatalog catalog,
        IEnumerable<OptionValue> given,
        IReadOnlyList<ArmDefinition> arms,
        Func<string, string> resolveProvider,
        Redactor? redactor = null)
    {
        Redactor = redactor ?? Redactor.None;
        Catalog = catalog;
        _given = new Dictionary<string, OptionValue>(StringComparer.Ordinal);
        foreach (var value in given.OrderBy(v => v.Origin))
        {
            _given[value.Definition.QualifiedName] = value;
        }

        Provider = catalog.Find(OptionCatalog.StudySection, "provider") is { } provider
            ? resolveProvider(_given.GetValueOrDefault(provider.QualifiedName)?.Text ?? provider.Default ?? "auto")
            : "sandbox";
        Arms = catalog.Find("finetune", "replicates") is null
            ? arms
            : ArmReplicates.Expand(arms, arm => (int)new OptionValues(this, arm.Settings.Values, arms).WholeNumber("finetune", "replicates"));
    }

    private OptionValues(OptionValues from, IEnumerable<OptionValue> over, IReadOnlyList<ArmDefinition> arms)
    {
        Redactor = from.Redactor;
        Catalog = from.Catalog;
        Arms = arms;
        Provider = from.Provider;
        _given = new Dictionary<string, OptionValue>(from._given, StringComparer.Ordinal);
        foreach (var value in over)
        {
            // What was said for this run wins over what the file says of one arm.
            if (_given.GetValueOrDefault(value.Definition.QualifiedName) is not { Origin: OptionOrigin.CommandLine })
            {
                _given[value.Definition.QualifiedName] = value;
            }
        }
    }

    public OptionCatalog Catalog { get; }

    /// <summary>The rules of study.json's "redact".</summary>
    public Redactor Redactor { get; }

    /// <summary><c>together</c> or <c>sandbox</c>, never <c>auto</c>.</summary>
    public string Provider { get; }

    /// <summary>The trained arms, in the file's order, each followed by its replicates, without <c>base</c>.</summary>
    public IReadOnlyList<ArmDefinition> Arms { get; }

    /// <summary>What study.json or the command line gave.</summary>
    public IEnumerable<OptionValue> Given => _given.Values.OrderBy(v => v.Definition.QualifiedName, StringComparer.Ordinal);

    /// <summary>The values as one arm has them: its own settings over the finetune section, and the command line over both.</summary>
    public OptionValues ForArm(ArmDefinition arm)
    {
        ArgumentNullException.ThrowIfNull(arm);
        return new(this, arm.Settings.Values, Arms);
    }

    public OptionValue Get(string section, string key)
    {
        var definition = Catalog.Find(section, key) ?? throw new InvalidOperationException($"There is no option {section}-{key}.");
        return _given.GetValueOrDefault(definition.QualifiedName)
            ?? new OptionValue(definition, definition.DefaultFor(Provider), OptionOrigin.Default, "default");
    }

    /// <summary>Whether somebody gave a value, be it the default's.</summary>
    public bool IsGiven(string section, string key) => Get(section, key).Origin != OptionOrigin.Default;

    public bool IsOnCommandLine(string section, string key) => Get(section, key).Origin == OptionOrigin.CommandLine;

    /// <summary>The value as text; null where there is none.</summary>
    public string? TextOrNull(string section, string key) => Get(section, key).Text;

    public string Text(string section, string key) => Get(section, key).Text ?? throw Missing(section, key);

    /// <summary>The number; null where there is no value, or a word such as <c>max</c> instead of one.</summary>
    public long? WholeNumberOrNull(string section, string key) =>
        Of(section, key, OptionKind.WholeNumber) is { Text: { } text } value && !value.Definition.Words.Contains(text, StringComparer.Ordinal)
            ? long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : null;

    public long WholeNumber(string section, string key) => WholeNumberOrNull(section, key) ?? throw Missing(section, key);

    public double? NumberOrNull(string section, string key) =>
        Of(section, key, OptionKind.Number).Text is { } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    public double Number(string section, string key) => NumberOrNull(section, key) ?? throw Missing(section, key);

    public bool Flag(string section, string key) => Of(section, key, OptionKind.Flag).Text is "true";

    /// <summary>The items of a list; none where there is no value.</summary>
    public IReadOnlyList<string> List(string section, string key) =>
        Of(section, key, OptionKind.List).Text is { } text ? text.Split(',', StringSplitOptions.TrimEntries) : [];

    private static InvalidOperationException Missing(string section, string key) => new($"Option {section}-{key} has no value and no default.");

    private OptionValue Of(string section, string key, OptionKind kind)
    {
        var value = Get(section, key);
        return value.Definition.Kind == kind
            ? value
            : throw new InvalidOperationException($"Option {section}-{key} is a {value.Definition.Kind}, not a {kind}.");
    }
}
