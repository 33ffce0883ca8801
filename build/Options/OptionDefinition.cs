using System.Globalization;

namespace Cfx.Build.Options;

/// <summary>One option: its names, what it accepts and what it is when nobody says.</summary>
/// <param name="Section">The part of the study it belongs to; also the object in study.json.</param>
/// <param name="Key">The long name, and the key in study.json.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Help">One line for people.</param>
public sealed record OptionDefinition(string Section, string Key, OptionKind Kind, string Help)
{
    /// <summary>Exact tokens without their dash, such as <c>lr</c>.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>The smallest number accepted.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number accepted.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>The words of a choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Words that a number may be instead, such as <c>max</c>.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The value when nobody gives one; null where there is none.</summary>
    public string? Default { get; init; }

    /// <summary>Replaces <see cref="Default"/> on the sandbox.</summary>
    public string? SandboxDefault { get; init; }

    /// <summary>Means this option when the whole study is asked for and the name alone would fit several stages.</summary>
    public bool PrimaryInStudy { get; init; }

    /// <summary>A matter of one run, refused in study.json.</summary>
    public bool CommandLineOnly { get; init; }

    /// <summary>May be given several times on the command line; the values are joined by semicolons.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>The name that is never ambiguous, without its dashes.</summary>
    public string QualifiedName => $"{Section}-{Key}";

    public OptionRole Role => OptionRoles.Of(this);

    /// <param name="provider">The provider in use, as <c>together</c> or <c>sandbox</c>.</param>
    public string? DefaultFor(string provider) =>
        provider.Equals("sandbox", StringComparison.Ordinal) ? SandboxDefault ?? Default : Default;

    /// <summary>What is wrong with a value, as the end of a sentence about it; null if nothing is.</summary>
    public string? Check(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"needs a value: {Expected}";
        }

        return Kind switch
        {
            OptionKind.WholeNumber when Words.Contains(text, StringComparer.Ordinal) => null,
            OptionKind.WholeNumber => CheckInteger(text),
            OptionKind.Number => CheckNumber(text),
            OptionKind.Flag => text is "true" or "false" ? null : $"'{text}' is neither true nor false",
            OptionKind.Choice when !Choices.Contains(text, StringComparer.Ordinal) =>
                $"'{text}' is not one of {string.Join(", ", Choices)}{NearestName.Hint(text, Choices)}",
            OptionKind.Name when !IsName(text) =>
                $"'{text}' is not a name: use letters, digits, '.', '-' and '_', at most 64, beginning with a letter or digit",
            OptionKind.Address when !IsAddress(text) => $"'{text}' is not an absolute http or https address",
            OptionKind.List when text.Split(',').Any(string.IsNullOrWhiteSpace) => $"'{text}' has an empty item",
            _ => null,
        };
    }

    /// <summary>What is accepted, in words.</summary>
    public string Expected => Kind switch
    {
        OptionKind.WholeNumber => WithWords($"a whole number{Range}"),
        OptionKind.Number => $"a number{Range}",
        OptionKind.Flag => "true or false",
        OptionKind.Choice => string.Join("|", Choices),
        OptionKind.Name => "a name",
        OptionKind.Address => "an http or https address",
        OptionKind.List => "items separated by commas",
        _ => "text",
    };

    private string Range => (double.IsFinite(Minimum), double.IsFinite(Maximum)) switch
    {
        (true, true) => string.Create(CultureInfo.InvariantCulture, $" from {Minimum} to {Maximum}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $", at least {Minimum}"),
        (false, true) => string.Create(CultureInfo.InvariantCulture, $", at most {Maximum}"),
        _ => string.Empty,
    };

    internal static bool IsName(string text) =>
        text.Length <= 64
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https";

    private string WithWords(string text) => Words.Count == 0 ? text : $"{text}, or {string.Join(" or ", Words)}";

    private string? CheckInteger(string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return $"'{text}' is not {Expected}";
        }

        return value < Minimum || value > Maximum ? $"{text} is out of range: {Expected}" : null;
    }

    private string? CheckNumber(string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return $"'{text}' is not {Expected}";
        }

        return value < Minimum || value > Maximum ? $"{text} is out of range: {Expected}" : null;
    }
}
