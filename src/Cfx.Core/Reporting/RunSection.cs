using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using static Cfx.Core.Reporting.ReportText;

namespace Cfx.Core.Reporting;

/// <summary>The report's part on how the artifacts were made: cost, tokens, time, versions, prompts.</summary>
internal static class RunSection
{
    public static void Append(StringBuilder text, StudyAnalysis analysis)
    {
        if (analysis.Run is not { } run)
        {
            return;
        }

        if (run["stages"] is JsonArray { Count: > 0 } stages)
        {
            text.Append("\n## Cost and time\n\n| stage | artifact | tokens read | tokens written | US dollars | seconds |\n|---|---|---:|---:|---:|---:|\n");
            foreach (var stage in stages.OfType<JsonObject>())
            {
                Append(text, $"| {Escape(Of(stage, "stage"))} | {Escape(Of(stage, "artifact"))} ", stage);
            }

            if (run["totals"] is JsonObject totals)
            {
                Append(text, "| **all** | ", totals);
            }
        }

        text.Append("\n## Made with\n\n- ").Append(Escape(Of(run, "tool_version")))
            .Append(run["git_commit"] is { } commit ? $", commit {Code((string?)commit)}" : ", commit not known").Append('\n');
        if (analysis.SplitHash is { } split)
        {
            text.Append("- split ").Append(Code(split)).Append('\n');
        }

        text.Append(Text($"- seed {analysis.Seed}; {analysis.BootstrapReplicates} bootstrap resamples asked for\n"));
        foreach (var (path, hash) in run["prompts"] as JsonObject ?? [])
        {
            text.Append("- ").Append(Code(path)).Append(": SHA-256 ").Append(Code((string?)hash)).Append('\n');
        }
    }

    private static void Append(StringBuilder text, string begin, JsonObject figures) => text.Append(begin)
        .Append("| ").Append(Escape(Of(figures, "prompt_tokens")))
        .Append(" | ").Append(Escape(Of(figures, "completion_tokens")))
        .Append(" | ").Append(Escape(Of(figures, "cost_usd")))
        .Append(" | ").Append(Escape(Of(figures, "duration_seconds"))).Append(" |\n");

    private static string Of(JsonObject node, string name) => node[name] is not JsonValue value ? "–"
        : value.TryGetValue<string>(out var text) ? text
        : value.TryGetValue<decimal>(out var number) ? number.ToString(CultureInfo.InvariantCulture)
        : value.ToJsonString();
}
