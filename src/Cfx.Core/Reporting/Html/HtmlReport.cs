using System.Text;
using Cfx.Core.Artifacts;
using Cfx.Core.Reporting.Html.Sections;

namespace Cfx.Core.Reporting.Html;

/// <summary>The report for the browser: one file that needs nothing beside it and sends nothing anywhere.</summary>
public static class HtmlReport
{
    /// <summary>Writes report.html. Memory holds the analysis and some hundred pairs, however many there are.</summary>
    /// <exception cref="MisuseException">An evaluation file is missing or broken; names it.</exception>
    public static async Task WriteAsync(HtmlReportOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var data = await ReportData.LoadAsync(options, cancellationToken);
        var assets = ReportAssets.Load();
        var page = new HtmlWriter();
        await using var file = AtomicFile.Create(options.ReportPath);

        await WriteAsync("<!DOCTYPE html>\n");
        var sections = ReportSections.All.Where(s => s.HasData(data)).ToList();
        page.Open("html", ("lang", "en"));
        Head(page, data, assets.Policy);
        await TakeAsync();
        await WriteAsync($"<style>{assets.Style}</style>\n</head>\n");
        page.Open("body");
        Top(page, data, sections);
        await TakeAsync();
        foreach (var section in sections)
        {
            page.Open("section", ("id", section.Id), ("aria-labelledby", section.Id + "-title")).Element("h2", section.Title, ("id", section.Id + "-title"));
            section.Write(page, data);
            page.Close().Line();
            await TakeAsync();
        }

        if (data.HasPairs)
        {
            ExplorerMarkup.Write(page);
        }

        page.Close().Line().Open("footer").Element("p", "Made by Cfx. This file holds everything it shows: it loads nothing and sends nothing.").Close().Line();
        await TakeAsync();
        var explorer = new ExplorerWriter(file.Stream);
        for (var i = 0; i < options.EvaluationPaths.Count; i++)
        {
            await explorer.WriteAsync(i, new PairSource(options.EvaluationPaths[i], data.Comparisons), cancellationToken);
        }

        await WriteAsync($"<script>{assets.Script}</script>\n");
        page.Close().Close().Line();
        await TakeAsync();
        await file.CommitAsync(cancellationToken);

        async Task WriteAsync(string text) => await file.Stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        Task TakeAsync() => WriteAsync(page.Take());
    }

    // The head stays open for the style, which is not escaped.
    private static void Head(HtmlWriter page, ReportData data, string policy)
    {
        page.Open("head").Line().Void("meta", ("charset", "utf-8")).Line()
            .Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", policy)).Line()
            .Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")).Line()
            .Void("meta", ("name", "color-scheme"), ("content", "light dark")).Line()
            .Void("meta", ("name", "referrer"), ("content", "no-referrer")).Line()
            .Element("title", (data.IsSandbox ? "[SANDBOX] " : string.Empty) + data.Study + " – Cfx report").Line()
            .Forget();
    }

    private static void Top(HtmlWriter page, ReportData data, IReadOnlyList<IReportSection> sections)
    {
        page.Line().Element("a", "Skip to the results", ("class", "skip"), ("href", "#main")).Line();
        if (data.IsSandbox)
        {
            page.Open("div", ("class", "sandbox"), ("role", "note"), ("aria-label", "Sandbox run"), ("id", "sandbox"))
                .Element("strong", "Sandbox run").Text(" ").Element("span", Figures.Text(data.Analysis, "notice") ?? StudyAnalysis.SandboxNotice).Close().Line();
        }

        page.Open("header").Open("p", ("class", "eyebrow")).Text("Cfx · preference study").Close().Open("h1").Name(data.Study).Close();
        AnswerSection.Write(page, data);
        page.Close().Line().Open("nav", ("aria-label", "Contents")).Open("ul");
        foreach (var (id, title) in sections.Select(s => (s.Id, s.Title)).Concat(data.HasPairs ? [("pairs", ExplorerMarkup.Title)] : []))
        {
            page.Open("li").Element("a", title, ("href", "#" + id)).Close();
        }

        page.Close().Close().Line().Open("main", ("id", "main")).Line();
    }
}
