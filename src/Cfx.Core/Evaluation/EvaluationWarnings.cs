using System.Text.Json.Nodes;

namespace Cfx.Core.Evaluation;

/// <summary>What an evaluation file's metadata says against its own figures: "warnings", which is there only when there are any.</summary>
internal static class EvaluationWarnings
{
    internal const string Name = "warnings";

    /// <summary>The threshold that the warnings of incomplete pairs were given by, where it is not the usual one.</summary>
    internal const string Threshold = "warn_incomplete";

    internal const string Incomplete = "Incomplete pairs: ";

    internal static void AddTo(JsonObject metadata, EvaluateOptions options, EvaluateCounts counts, ComparisonStatistics statistics) => AddTo(
        metadata, options, [options.Judge.Model], statistics, $", for example {counts.Examples()}");

    /// <summary>For several judges, from a file's own names of the models.</summary>
    internal static void AddTo(JsonObject metadata, EvaluateOptions options, IEnumerable<string> judges, ComparisonStatistics statistics, string examples = "")
    {
        if (Math.Abs(options.WarnFailureRate - EvaluateOptions.UsualWarnFailureRate) > 1e-12)
        {
            metadata[Threshold] = options.WarnFailureRate;
        }

        var warnings = new List<string>();
        if (statistics.FailureRate > options.WarnFailureRate)
        {
            warnings.Add(FormattableString.Invariant(
                $"{Incomplete}{statistics.FailedTotal} of {statistics.Attempted} ({statistics.FailureRate * 100:0.0} %) are outside the rates{examples}."));
        }

        (string, string?)[] others =
        [
            (options.Model1, (string?)metadata["model1"]!["model"]), (options.Model2, (string?)metadata["model2"]!["model"]),
            .. options.Generators.Select(g => ("the generator of training answers", (string?)g)),
        ];
        warnings.AddRange(judges.SelectMany(judge => ModelFamily.Warnings(judge, others)));
        if (warnings.Count > 0)
        {
            metadata[Name] = new JsonArray([.. warnings.Select(w => (JsonNode)w)]);
        }
    }
}
