using System.Globalization;
using System.Text;
using Cfx.Build.Options;

namespace Build.Tests.Options;

/// <summary>Writes docs/options.md from the options themselves.</summary>
internal static class OptionReference
{
    /// <summary>The marks between which the file is written by this class.</summary>
    public const string Begin = "<!-- Written from the options themselves; see OptionReferenceTests. -->\n";

    public static string Render(OptionCatalog catalog)
    {
        var text = new StringBuilder(Begin);
        foreach (var section in catalog.All.GroupBy(o => o.Section, StringComparer.Ordinal))
        {
            var place = section.Key == "study" ? " (top level of study.json)" : string.Empty;
            text.Append(CultureInfo.InvariantCulture, $"\n### {section.Key}{place}\n\n");
            text.Append("| option | short | value | default | on the sandbox | meaning | role |\n|---|---|---|---|---|---|---|\n");
            foreach (var option in section)
            {
                text.Append(CultureInfo.InvariantCulture, $"| `--{option.Key}` | {Short(option)} | {Value(option)} | {Code(option.Default)} | {Code(option.SandboxDefault)} | {Meaning(option)} | {Role(option)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Short(OptionDefinition option) => string.Join(' ', option.ShortNames.Select(s => $"`-{s}`"));

    private static string Value(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Choice => string.Join(' ', option.Choices.Select(c => $"`{c}`")),
        _ => Escape(option.Expected),
    };

    private static string Meaning(OptionDefinition option) =>
        Escape(option.Help) + (option.CommandLineOnly ? " Command line only." : string.Empty) + (option.IsRepeatable ? " May be repeated." : string.Empty);

    private static string Role(OptionDefinition option) => option.Role == OptionRole.Identity ? "identity" : "runtime";

    private static string Code(string? value) => value is null ? string.Empty : $"`{value}`";

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
