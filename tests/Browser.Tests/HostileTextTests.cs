using System.Text.Json.Nodes;
using Cfx.Core.Statistics;
using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>Whatever a text holds, it is shown and does nothing.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Texts =
    [
        "<script>window.ran = 1</script>",
        "</script><script>window.ran = 1</script>",
        "<!--<script>", "--> <![CDATA[ ]]>", "</title></style></textarea><img src=x onerror='window.ran=1'>",
        "<svg onload=window.ran=1><a href='javascript:window.ran=1'>x</a></svg>",
        "\"><img src=x onerror=window.ran=1> ' onmouseover='window.ran=1",
        "&lt;b&gt; &amp; &#60;script&#62; &notanentity;",
        "line\u2028separator\u2029and\u0085next\r\nand\rand\n\n  spaces \t",
        "bidi \u202Eevil\u202C \u2066isolate\u2069 \u200Fmark\u061C",
        "nul\0and\u0001\u001F\u007F\u0080\uFEFF\uFFFE\uFFFF",
        "lone \uD83D high, lone \uDE00 low, whole \uD83D\uDE00, at the end \uD800",
        "${window.ran=1} {{window.ran=1}} `window.ran=1` \\u003cscript\\u003e \\",
        "\n\nleading lines", string.Empty, " ", "[[A]] </div></body></html>", "constructor", "__proto__",
    ];

    [Test]
    public async Task Every_text_of_a_comparison_comes_back_exactly_and_nothing_runs()
    {
        string[] texts = [.. Texts, .. Anything(seed: 1, count: 25)];
        using var study = new SampleStudy
        {
            Change = (comparison, i, row) =>
            {
                if (comparison == 0)
                {
                    row["context"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"%{i}%" });
                    row["model1_response"] = $"x%{i}%";
                    row["model2_response"] = $"x%{i}%";
                    row["judgments"]![0]!["text"] = $"x%{i}%";
                    row["judgments"]![1]!["text"] = $"x%{i}%";
                    row["conversation_id"] = $"%{i}%";
                    row["category"] = $"%{i}%";
                }
            },
        };
        for (var i = 0; i < texts.Length; i++)
        {
            study.Planted[$"%{i}%"] = texts[i];
        }

        await study.MakeAsync(texts.Length, words: 5);
        await using var report = await OpenReport.AtAsync(study.Report);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < texts.Length; i++)
            {
                await report.Page.EvaluateAsync($"location.hash = '#item=item-{i:00000}&comparison=0'");
                await Assertions.Expect(report.Page.Locator("#detail h3")).ToHaveTextAsync($"item-{i:00000}");
                var shown = await report.Page.Locator("#detail .text").EvaluateAllAsync<string[]>(Scripts.Characters);
                Assert.That(shown, Is.EqualTo((string[])[Numbers(texts[i]), .. Enumerable.Repeat(Numbers("x" + texts[i]), 4)]), $"text {i}");
            }

            Assert.That(await report.Page.EvaluateAsync<bool>("window.ran === undefined"), "no script ran");
            Assert.That(await report.Page.Locator("img, iframe, #detail a[href^=javascript]").CountAsync(), Is.Zero);
            Assert.That(report.Complaints, Is.Empty);
            Assert.That(report.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Every_text_of_the_analysis_comes_back_as_it_is_and_nothing_runs()
    {
        string[] texts = [.. Texts, .. Anything(seed: 2, count: 200)];
        using var study = new SampleStudy();
        study.Analysis["study"] = Texts[1];
        study.Analysis["notice"] = Texts[4];
        study.Analysis["methods"] = Texts[5];
        study.Analysis["warnings"] = new JsonArray([.. texts.Select(t => (JsonNode)t)]);
        study.Analysis["comparisons"]![0]!["verdict"] = Texts[6];
        study.Analysis["comparisons"]![0]!["evaluation"]!["judge"]!["model"] = Texts[6];
        await study.MakeAsync(rows: 2, words: 2);

        await using var report = await OpenReport.AtAsync(study.Report);

        var shown = await report.Page.Locator(".cautions li bdi").EvaluateAllAsync<string[]>(Scripts.Characters);
        Assert.That(shown, Is.EqualTo(texts.Select(t => Numbers(Shown(t)))));
        Assert.That(await report.Page.Locator("h1").TextContentAsync(), Is.EqualTo(Texts[1]));
        Assert.That(await report.Page.EvaluateAsync<bool>("window.ran === undefined"), "no script ran");
        Assert.That(await report.Page.Locator("img, iframe").CountAsync(), Is.Zero);
        Assert.That(report.Complaints, Is.Empty);
        Assert.That(report.Requests, Is.Empty);
    }

    // Any 16 bits may come, whole characters or not, and what markup is made of comes often.
    private static List<string> Anything(ulong seed, int count)
    {
        const string Often = "<>/!-\"'&;\\`={}[]() \r\n\t\0ascript";
        var random = new SplitMix64(seed);
        return Enumerable.Range(0, count)
            .Select(_ => string.Concat(Enumerable.Range(0, random.NextIndex(60))
                .Select(_ => random.NextIndex(3) == 0 ? (char)random.NextIndex(0x10000) : Often[random.NextIndex(Often.Length)])))
            .ToList();
    }

    // What no page can hold is shown by a sign.
    private static string Shown(string text) => string.Concat(text.Select((c, i) =>
        c == '\0' ? '\u2400'
        : char.IsHighSurrogate(c) && !(i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) ? '\uFFFD'
        : char.IsLowSurrogate(c) && !(i > 0 && char.IsHighSurrogate(text[i - 1])) ? '\uFFFD'
        : c));

    private static string Numbers(string text) => string.Join(' ', text.Select(c => (int)c));
}
