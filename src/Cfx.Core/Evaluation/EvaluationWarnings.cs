using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Evaluation;

/// <summary>What an evaluation file's metadata says against its own figures: "warnings", which is there only when there are any.</summary>
internal static class EvaluationWarnings
{
    internal const string Name = "warnings";

    /// <summary>The threshold that the warnings of incomplete pairs were given by, where it is not the usual one.</summary>
    internal const string Threshold = "warn_incomplete";

    internal const string Incomplete = "Incomplete pairs: ";

    /// <summary>The part that a generator has in a sentence on kinship.</summary>
    internal const string Generator = "the generator of training answers";

    internal static void AddTo(JsonObject metadata, EvaluateOptions options, EvaluateCounts counts, ComparisonStatistics statistics) => AddTo(
        metadata, options, [options.Judge.Model], statistics, $", for example {counts.Examples()}");

    /// <summary>For several judges, from a file's own names of the models.</summary>
    internal static void AddTo(JsonObject metadata, EvaluateOptions options, IEnumerable<string> judges, ComparisonStatistics statistics, string examples = "")
    {
        if (Math.Abs(options.WarnFailureRate - EvaluateOptions.UsualWarnFailureRate) > 1e-12)
        {
            metadata[Threshold] = options.WarnFailureRate;
        }

        IReadOnlyList<string> warnings = [.. options.Cautions, .. Of(metadata, options.Generators, judges, statistics, examples)];
        if (warnings.Count > 0)
        {
            metadata[Name] = new JsonArray([.. warnings.Select(w => (JsonNode)w)]);
        }
    }

    /// <summary>The sentences that a file must hold by its figures and its models' names.</summary>
    /// <param name="metadata">Names both models, and the threshold where it is not the usual one.</param>
    /// <param name="generators">The models that wrote the training answers.</param>
    /// <param name="judges">The models that judged.</param>
    /// <param name="statistics">The file's figures.</param>
    /// <param name="examples">Ends the sentence on incomplete pairs.</param>
    internal static IReadOnlyList<string> Of(
        JsonObject metadata, IReadOnlyList<string> generators, IEnumerable<string> judges, ComparisonStatistics statistics, string examples)
    {
        var warnings = new List<string>();
        var threshold = metadata[Threshold] is JsonValue value && value.TryGetValue<double>(out var told) ? told : EvaluateOptions.UsualWarnFailureRate;
        if (statistics.FailureRate > threshold)
        {
            warnings.Add(FormattableString.Invariant(
                $"{Incomplete}{statistics.FailedTotal} of {statistics.Attempted} ({statistics.FailureRate * 100:0.0} %) are outside the rates{examples}."));
        }

        (string, string?)[] others = [Model(metadata, "model1"), Model(metadata, "model2"), .. generators.Select(g => (Generator, (string?)g))];
        warnings.AddRange(judges.SelectMany(judge => ModelFamily.Warnings(judge, others)));
        return warnings;
    }

    private static (string Name, string? Model) Model(JsonObject metadata, string model) => metadata[model] is JsonObject named
        ? (RecordFields.Text(named, "name") ?? string.Empty, RecordFields.Text(named, "model"))
        : (string.Empty, null);
}
