using System.Globalization;
using System.Text.Json.Nodes;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>Where the numbers come from: enough to make them again.</summary>
internal sealed class ProvenanceSection : IReportSection
{
    public string Id => "provenance";

    public string Title => "Provenance";

    public bool HasData(ReportData data) => data.Comparisons.Count > 0;

    public void Write(HtmlWriter page, ReportData data)
    {
        var table = HtmlTable.Begin(page, "How the pairs were judged", "comparison", "~models", "judge", "#temperature", "#seed", "provider", "last judgment");
        foreach (var c in data.Comparisons)
        {
            var e = Figures.Object(c.Json, "evaluation");
            table.Row(
                c.Label, $"{Model(c, c.Model1)} · {Model(c, c.Model2)}", Figures.Text(e, "judge", "model") ?? Figures.Text(e, "judge") ?? Figures.None, Figures.Value(Figures.Object(e, "judge")?["temperature"]),
                Number(Figures.Number(e, "seed")), Figures.Text(e, "provider") ?? Figures.None, Figures.Text(e, "last_reply_at") ?? Figures.None);
        }

        table.End();
        var hashes = data.Comparisons.SelectMany(c => Figures.Flat(Figures.Object(c.Json, "evaluation", "prompts") ?? []).Select(p => (Name: $"prompt: {p.Name}", Value: p.Value))
            .Append((Name: "split", Value: Figures.Object(c.Json, "evaluation")?["split_hash"])))
            .Where(h => Figures.Text(h.Value) is not null)
            .DistinctBy(h => (h.Name, Figures.Text(h.Value))).ToList();
        if (hashes.Count > 0)
        {
            HtmlTable.Fields(page, "Content hashes (SHA-256)", hashes);
        }

        IEnumerable<(string Name, JsonNode? Value)> software =
        [
            ("tool version", data.Analysis["run"]?["tool_version"]), ("commit", data.Analysis["run"]?["git_commit"]), ("seed of resampling", data.Analysis["seed"]),
            ("resamples", data.Analysis["B"]),
        ];
        HtmlTable.Fields(page, "Software and plan", software.Where(f => f.Value is not null).Concat(Figures.Flat(Figures.Object(data.Analysis, "plan") ?? [])));
        foreach (var run in data.Stages)
        {
            Stage(page, run);
        }
    }

    private static void Stage(HtmlWriter page, StageRun run)
    {
        var m = run.Manifest;
        page.Open("details").Open("summary").Name(run.Name).Element("small", $" {m.ToolVersion}, recipe {m.RecipeVersion}, fingerprint {m.Fingerprint[..Math.Min(12, m.Fingerprint.Length)]}").Close();
        if (m.Parameters.Count > 0)
        {
            var settings = HtmlTable.Begin(page, $"Parameters of {run.Name}", "parameter", "~value");
            foreach (var (name, value) in m.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                settings.Row(name, value);
            }

            settings.End();
        }

        var files = HtmlTable.Begin(page, $"Files of {run.Name}", "file", "role", "#bytes", "~SHA-256");
        foreach (var (file, role) in m.Inputs.Select(f => (f, "read")).Concat(m.Outputs.Select(f => (f, "made"))))
        {
            files.Row(file.Path, role, Figures.Count(file.Content.Bytes), file.Content.Sha256);
        }

        files.End();
        page.Close().Line();
    }

    private static string Model(ComparisonView c, string name)
    {
        var evaluation = Figures.Object(c.Json, "evaluation");
        return Figures.Text(evaluation, Figures.Text(evaluation, "model1", "name") == name ? "model1" : "model2", "model") ?? name;
    }

    private static string Number(double? seed) => seed is { } value ? value.ToString("0", CultureInfo.InvariantCulture) : Figures.None;
}
