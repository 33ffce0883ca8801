using System.Globalization;

namespace Cfx.Core.Reporting.Html.Sections;

/// <summary>The first screen: what came out, how sure it is, who served the models, what it cost. It has no heading beside the page's own.</summary>
internal static class AnswerSection
{
    private const string OneRun =
        "One training run an arm: how far the result would move with another run of the same training is not in these numbers.";

    public static void Write(HtmlWriter page, ReportData data)
    {
        if (data.Main is not { } main)
        {
            page.Element("p", "There is no comparison to report.", ("class", "answer"));
            return;
        }

        page.Open("p", ("class", "answer"), ("id", "answer"));
        Claim(page, main);
        page.Close().Open("p", ("class", "evidence"));
        Evidence(page, main);
        page.Close().Line();
        Facts(page, data, main);
        var others = data.Comparisons.Where(c => c != main).ToList();
        if (others.Count > 0)
        {
            page.Open("ul", ("class", "others"), ("aria-label", "The other comparisons"));
            foreach (var other in others)
            {
                page.Open("li").Open("strong");
                Claim(page, other);
                page.Close().Text(" ");
                Evidence(page, other);
                page.Close().Line();
            }

            page.Close().Line();
        }

        if (!data.HasReplicates)
        {
            page.Element("p", OneRun, ("class", "aside"));
        }
    }

    private static void Claim(HtmlWriter page, ComparisonView c)
    {
        _ = (c.HasData, c.Verdict) switch
        {
            (false, _) => page.Text("No data on ").Name(c.Model1).Text(" against ").Name(c.Model2).Text("."),
            (_, "better") => page.Name(c.Model1).Text(" answers better than ").Name(c.Model2).Text("."),
            (_, "worse") => page.Name(c.Model1).Text(" answers worse than ").Name(c.Model2).Text("."),
            (_, "no significant difference") when c.EqualWithin is { } margin =>
                page.Name(c.Model1).Text(" and ").Name(c.Model2).Text($" are equal to within {(margin * 100).ToString("0.#", CultureInfo.InvariantCulture)} points of the win rate."),
            (_, "no significant difference") => page.Text("No significant difference between ").Name(c.Model1).Text(" and ").Name(c.Model2).Text("."),
            _ => page.Name(c.Model1).Text(" against ").Name(c.Model2).Text(": ").Name(c.Verdict).Text("."),
        };
    }

    private static void Evidence(HtmlWriter page, ComparisonView c)
    {
        if (!c.HasData)
        {
            page.Text($"None of {Figures.Count(c.Number("n_attempted"))} pairs {(c.IsSingleOrder ? "has a verdict that can be used" : "could be judged in both orders")}.");
            return;
        }

        page.Name(c.Model1).Text(" won ").Element("b", Figures.Percent(c.H)).Text($" of {Figures.Count(c.N)} pairs with ties counting half");
        page.Text(c.Interval is { } interval ? $" (95 % interval {Figures.Percent(interval)}" : " (");
        page.Text(c.HolmP is { } p ? $"; {Figures.Equation("p", p)} after Holm)." : ").");
        if (c.IsPartial)
        {
            page.Text($" These are {Figures.Count(c.Number("n_attempted"))} of {Figures.Count(c.Number("n_planned"))} planned pairs, so there is no p-value yet");
            page.Text(c.Number("e_value", "ln_e") is { } evidence
                ? string.Create(CultureInfo.InvariantCulture, $"; the evidence so far is ln E = {evidence:0.00}, and a study may stop early from {c.Number("e_value", "stopping_ln_e"):0.00} on.")
                : ".");
        }

        if (c.Verdict == "no significant difference" && c.EqualWithin is null)
        {
            page.Text(c.Detectable is { } mde
                ? $" A difference below {(mde * 100).ToString("0.0", CultureInfo.InvariantCulture)} points is easily missed by so many pairs."
                : " That does not say that they are equal.");
        }
    }

    private static void Facts(HtmlWriter page, ReportData data, ComparisonView main)
    {
        page.Open("dl", ("class", "facts"));
        Fact(page, "Provider", string.Join(", ", data.Providers), data.IsSandbox ? "a rehearsal with small local models" : null);
        Fact(page, "Pairs compared", data.Comparisons.Select(c => c.N).Distinct().Count() == 1
            ? $"{Figures.Count(main.N)} in each comparison"
            : Figures.Count(main.N), Pairs(data, main));
        Judge(page, data, main);
        Fact(page, "Cost", Figures.Usd(data.Usd), data.Usd > 0 ? "of all stages; an answer that several use counts in each" : null);
        Fact(page, "Training", data.HasReplicates ? "repeated" : "1 run an arm", data.HasReplicates ? "see From one training to the next" : "spread between runs unknown");
        page.Close().Line();
    }

    private static string? Pairs(ReportData data, ComparisonView main)
    {
        var failed = data.Comparisons.Sum(c => c.Number("n_failed", "total") ?? 0);
        string?[] notes =
        [
            main.Number("n_planned") is { } planned && planned != main.N ? $"{Figures.Count(planned)} planned" : null,
            failed > 0 ? $"{Figures.Count(failed)} incomplete, outside the rates" : null,
        ];
        return notes.Any(n => n is not null) ? string.Join("; ", notes.OfType<string>()) : null;
    }

    private static string Orders(ReportData data) => data.Comparisons.Count(c => c.IsSingleOrder) is var single && single == 0 ? "both orders of every pair"
        : single == data.Comparisons.Count ? "one order of every pair"
        : "one order of every pair in some comparisons, both in others";

    private static void Judge(HtmlWriter page, ReportData data, ComparisonView main)
    {
        var several = Figures.Items(Figures.Object(main.Json, "judges"), "each").Select(j => Figures.Text(j, "judge")).OfType<string>().ToList();
        if (several.Count > 1)
        {
            Fact(page, "Judge", $"majority of {several.Count}", $"{string.Join(", ", several)}; {Orders(data)}");
            return;
        }

        Fact(page, "Judge", Figures.Text(main.Json, "evaluation", "judge", "model") ?? Figures.Text(main.Json, "evaluation", "judge") ?? "not known", Orders(data));
    }

    private static void Fact(HtmlWriter page, string name, string value, string? note)
    {
        page.Open("div").Element("dt", name).Open("dd").Name(value);
        if (note is not null)
        {
            page.Element("small", note);
        }

        page.Close().Close();
    }
}
