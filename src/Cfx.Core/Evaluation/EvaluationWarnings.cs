using System.Text.Json.Nodes;

namespace Cfx.Core.Evaluation;

/// <summary>What an evaluation file's metadata says against its own figures: "warnings", which is there only when there are any.</summary>
internal static class EvaluationWarnings
{
    internal const string Name = "warnings";

    /// <summary>The threshold that the warnings of incomplete pairs were given by, where it is not the usual one.</summary>
    internal const string Threshold = "warn_incomplete";

    internal const string Incomplete = "Incomplete pairs: ";

    internal static void AddTo(JsonObject metadata, EvaluateOptions options, EvaluateCounts counts, ComparisonStatistics statistics)
    {
        if (Math.Abs(options.WarnFailureRate - EvaluateOptions.UsualWarnFailureRate) > 1e-12)
        {
            metadata[Threshold] = options.WarnFailureRate;
        }

        var warnings = new List<string>();
        if (statistics.FailureRate > options.WarnFailureRate)
        {
            warnings.Add(FormattableString.Invariant(
                $"{Incomplete}{statistics.FailedTotal} of {statistics.Attempted} ({statistics.FailureRate * 100:0.0} %) are outside the rates, for example {counts.Examples()}."));
        }

        warnings.AddRange(ModelFamily.Warnings(
            options.Judge.Model,
            [(options.Model1, counts.Model1), (options.Model2, counts.Model2), .. options.Generators.Select(g => ("the generator of training answers", (string?)g))]));
        if (warnings.Count > 0)
        {
            metadata[Name] = new JsonArray([.. warnings.Select(w => (JsonNode)w)]);
        }
    }
}
