namespace Cfx.Core.Reporting.Html;

/// <summary>The empty frame into which the page's script puts pairs.</summary>
internal static class ExplorerMarkup
{
    public const string Title = "Single comparisons";

    public static void Write(HtmlWriter page)
    {
        page.Open("section", ("id", "pairs"), ("aria-labelledby", "pairs-title")).Element("h2", Title, ("id", "pairs-title"))
            .Open("noscript").Element("p", "Looking at single pairs needs the page's script. comparisons.csv beside this file holds the same texts.").Close()
            .Element("p", "Single comparisons are left out of the print. They stand in report.html and in comparisons.csv.", ("class", "printed"))
            .Open("form", ("id", "filters"), ("role", "search"), ("aria-label", "Filter the comparisons"), ("hidden", ""));
        Field(page, "search", "Search all texts", () => page.Void("input", ("id", "search"), ("type", "search"), ("autocomplete", "off"), ("spellcheck", "false")));
        Select(page, "arm", "Comparison", ("", "all"));
        Select(page, "outcome", "Outcome", ("", "any"), ("w", "first-named won"), ("t", "tied"), ("l", "second-named won"), ("i", "incomplete"));
        Select(page, "orders", "The judge's two orders", ("", "any"), ("agree", "agree"), ("differ", "differ in any way"), ("flip_first", "flip: first slot twice"),
            ("flip_second", "flip: second slot twice"), ("soft", "a tie in one order"));
        Select(page, "category", "Feedback", ("", "any"));
        page.Close().Line()
            .Open("p", ("id", "count"), ("role", "status"), ("aria-live", "polite")).Close()
            .Open("p", ("class", "keys"), ("id", "keys"), ("hidden", "")).Text("Keys: ").Element("kbd", "/").Text(" search, ").Element("kbd", "j").Text(" and ").Element("kbd", "k")
            .Text(" next and previous comparison, ").Element("kbd", "↑").Text(" ").Element("kbd", "↓").Text(" move in the list.").Close()
            .Open("div", ("class", "explorer"), ("id", "explorer"), ("hidden", ""))
            .Open("div", ("class", "results")).Open("ol", ("id", "list"), ("aria-label", "Comparisons found")).Close()
            .Open("div", ("class", "pager"), ("role", "group"), ("aria-label", "Pages"))
            .Element("button", "Previous", ("type", "button"), ("id", "back")).Element("span", null, ("id", "page")).Element("button", "Next", ("type", "button"), ("id", "forward")).Close().Close()
            .Open("article", ("id", "detail"), ("tabindex", "-1"), ("aria-label", "The comparison chosen")).Close()
            .Close().Close().Line();
    }

    private static void Select(HtmlWriter page, string id, string label, params (string Value, string Text)[] choices) => Field(page, id, label, () =>
    {
        page.Open("select", ("id", id));
        foreach (var (value, text) in choices)
        {
            page.Element("option", text, ("value", value));
        }

        page.Close();
    });

    private static void Field(HtmlWriter page, string id, string label, Action control)
    {
        page.Open("div", ("class", "field " + id)).Element("label", label, ("for", id));
        control();
        page.Close();
    }
}
