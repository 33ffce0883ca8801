using System.Globalization;

namespace Cfx.Build.Options;

/// <summary>Makes an arm for every combination of the values that a sweep lists.</summary>
public static class ArmSweep
{
    /// <summary>What may be swept, with what stands before the value in an arm's name.</summary>
    private static readonly (string Key, string Tag)[] Tags =
    [
        ("epochs", "epochs"), ("learning-rate", "lr"), ("lora-rank", "rank"), ("batch-size", "batch"), ("dpo-beta", "beta"), ("model", string.Empty),
    ];

    /// <summary>The keys of the finetune section that may be swept.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. Tags.Select(t => t.Key)];

    /// <summary>One arm for each combination, the last key's values changing fastest.</summary>
    /// <param name="arm">The arm as study.json has it.</param>
    /// <param name="sweep">The keys in the file's order, each with its values.</param>
    public static IReadOnlyList<ArmDefinition> Expand(ArmDefinition arm, IReadOnlyList<(string Key, IReadOnlyList<OptionValue> Values)> sweep)
    {
        ArgumentNullException.ThrowIfNull(arm);
        ArgumentNullException.ThrowIfNull(sweep);
        IReadOnlyList<ArmDefinition> arms = [arm];
        foreach (var (key, values) in sweep)
        {
            arms = [.. arms.SelectMany(a => values.Select(v => With(a, key, v)))];
        }

        return arms;
    }

    /// <summary>How many arms a sweep makes.</summary>
    public static long Count(IReadOnlyList<(string Key, IReadOnlyList<OptionValue> Values)> sweep) =>
        sweep.Aggregate(1L, static (product, s) => Math.Min(int.MaxValue, product * s.Values.Count));

    /// <summary>A text as part of a name: a path's last part, other characters than letters, digits, dot, dash and underscore replaced.</summary>
    public static string Slug(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var last = text[(text.LastIndexOf('/') + 1)..];
        return string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).Trim('-', '.');
    }

    /// <summary>The same for texts that mean the same number.</summary>
    public static string Canonical(OptionValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Definition.Kind is OptionKind.Number or OptionKind.WholeNumber
            && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number.ToString("R", CultureInfo.InvariantCulture)
                : value.Text ?? string.Empty;
    }

    private static ArmDefinition With(ArmDefinition arm, string key, OptionValue value)
    {
        var name = $"{arm.Name}-{Tags.First(t => t.Key == key).Tag}{Slug(value.Text ?? string.Empty)}";
        return arm with
        {
            Name = name,
            Group = name,
            Settings = new Dictionary<string, OptionValue>(arm.Settings, StringComparer.Ordinal) { [key] = value },
            Swept = [.. arm.Swept, key],
        };
    }
}
