using System.Text.RegularExpressions;

namespace Cfx.Core.Evaluation;

/// <summary>Guesses from names whether two models are of one family. Judges favour text of their own kind (Panickssery, Bowman and Feng 2024), so a
/// judge that is kin to a contestant or to the model that wrote the training answers is a caution.</summary>
/// <remarks>By name alone: what stands in a name is taken for true, and a name that tells nothing is kin only to names of the same
/// organisation (what stands before the slash). A model distilled into another's form has both families. The sandbox's judge is a reward model and kin to
/// none of its chat models.</remarks>
public static partial class ModelFamily
{
    private const string Sandbox = "sandbox";

    /// <summary>Names that are told apart from other words by their length alone, found anywhere; with the family they stand for.</summary>
    private static readonly (string Name, string Family)[] Long =
    [
        ("llama", "Llama"), ("vicuna", "Llama"), ("alpaca", "Llama"), ("qwen", "Qwen"), ("mistral", "Mistral"), ("mixtral", "Mistral"),
        ("codestral", "Mistral"), ("magistral", "Mistral"), ("devstral", "Mistral"), ("gemma", "Gemma and Gemini"), ("gemini", "Gemma and Gemini"),
        ("deepseek", "DeepSeek"), ("claude", "Claude"), ("command-r", "Command"), ("kimi", "Kimi"), ("falcon", "Falcon"), ("nemotron", "Nemotron"),
        ("olmo", "OLMo"), ("granite", "Granite"), ("chatgpt", "GPT"),
    ];

    /// <summary>Names that count only as a word of their own.</summary>
    private static readonly (string Name, string Family)[] Short =
        [("gpt", "GPT"), ("o1", "GPT"), ("o3", "GPT"), ("o4", "GPT"), ("phi", "Phi"), ("glm", "GLM"), ("yi", "Yi"), ("qwq", "Qwen"), ("r1", "DeepSeek"), ("grok", "Grok")];

    /// <summary>The families that a name tells of, each once; none where it tells nothing.</summary>
    public static IReadOnlyList<string> Of(string model)
    {
        var name = model.ToLowerInvariant();
        var words = Word().Matches(name).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        return [.. Long.Where(f => name.Contains(f.Name, StringComparison.Ordinal)).Concat(Short.Where(f => words.Contains(f.Name))).Select(f => f.Family).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What two models have in common, in words; null where nothing is known.</summary>
    public static string? Shared(string model, string other)
    {
        if (string.Equals(model, other, StringComparison.OrdinalIgnoreCase))
        {
            return $"the same model, {model}";
        }

        var (mine, theirs) = (Of(model), Of(other));
        if (mine.Intersect(theirs, StringComparer.Ordinal).FirstOrDefault() is { } family)
        {
            return $"of one family, {family}";
        }

        return Organisation(model) is { } organisation && organisation != Sandbox && organisation == Organisation(other) && (mine.Count == 0 || theirs.Count == 0)
            ? $"of one organisation, {organisation}"
            : null;
    }

    /// <summary>Sentences about a judge that is kin to those whose text it judges.</summary>
    /// <param name="judge">The judge's model.</param>
    /// <param name="others">Models by their part in the study, such as "the generator".</param>
    public static IEnumerable<string> Warnings(string judge, IEnumerable<(string Role, string? Model)> others) =>
        from other in others
        where other.Model is not null
        let shared = Shared(judge, other.Model!)
        where shared is not null
        select $"The judge {judge} and {other.Role} ({other.Model}) are {shared}; judges favour their own kind's style, so have a judge of another family look too.";

    private static string? Organisation(string model) => model.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? model[..end].ToLowerInvariant() : null;

    [GeneratedRegex("[a-z]+[0-9]?")]
    private static partial Regex Word();
}
