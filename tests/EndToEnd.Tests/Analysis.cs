using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>An analysis as far as two runs of the same study must agree.</summary>
internal static class Analysis
{
    /// <summary>The text of analysis.json without its times.</summary>
    public static string Of(Checkout checkout, string study = "study-sandbox")
    {
        var analysis = checkout.Json($"results/{study}/analysis.json");
        // How long stages took and what they used.
        analysis.AsObject().Remove("run");
        WithoutTimes(analysis);
        return analysis.ToJsonString(new() { WriteIndented = true });
    }

    private static void WithoutTimes(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                o.Remove("last_reply_at");
                o.ToList().ForEach(p => WithoutTimes(p.Value));
                break;
            case JsonArray a:
                a.ToList().ForEach(WithoutTimes);
                break;
        }
    }
}
