using System.Text;

namespace Cfx.Core.Artifacts;

/// <summary>The identity of what a stage makes.</summary>
/// <remarks>
/// Format 1: SHA-256 of the UTF-8 text of these lines, each ended by a line feed, names in ordinal order, and with backslash and line feed in
/// values written as <c>\\</c> and <c>\n</c>:
/// <code>
/// cfx-fingerprint 1
/// stage NAME
/// recipe VERSION
/// provider PROVIDER
/// parameter NAME=VALUE      (one a parameter)
/// input SHA256              (one an input, in the recipe's order)
/// </code>
/// Paths are not part of it: a study may be moved.
/// </remarks>
public static class Fingerprint
{
    /// <param name="recipe">The stage and its parameters.</param>
    /// <param name="inputHashes">SHA-256 of each input, in the recipe's order.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(StageRecipe recipe, IEnumerable<string> inputHashes)
    {
        var text = new StringBuilder("cfx-fingerprint 1\n");
        Line("stage", recipe.Stage);
        Line("recipe", recipe.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Line("provider", recipe.Provider);
        foreach (var (name, value) in recipe.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Line("parameter", name + "=" + value);
        }

        foreach (var hash in inputHashes)
        {
            Line("input", hash);
        }

        return ContentHash.OfText(text.ToString());

        void Line(string kind, string value) => text.Append(kind).Append(' ')
            .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
    }
}
