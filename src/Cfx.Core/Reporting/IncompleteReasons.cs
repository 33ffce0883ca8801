using System.Text.RegularExpressions;

namespace Cfx.Core.Reporting;

/// <summary>Why pairs are incomplete. Files of earlier versions name the arms by their place in the file, which a report may turn round: read from
/// there, the places become names.</summary>
internal static partial class IncompleteReasons
{
    /// <param name="text">A pair's reason, or a sentence with reasons in it.</param>
    /// <param name="model1">The arm that the file names first.</param>
    /// <param name="model2">The arm that it names second.</param>
    public static string Named(string text, string model1, string model2) => Place().Replace(text, match => match.Value switch
    {
        "model1: " => $"{model1}: ",
        "model2: " => $"{model2}: ",
        "judge, normal order: " => $"judge, {model1} first: ",
        _ => $"judge, {model2} first: ",
    });

    // Only where a reason begins: the words may stand in a provider's message too.
    [GeneratedRegex("(?<=^|: |; )(model[12]|judge, (normal|reversed) order): ", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
