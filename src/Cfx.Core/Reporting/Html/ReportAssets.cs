using System.Security.Cryptography;
using System.Text;

namespace Cfx.Core.Reporting.Html;

/// <summary>The page's own style and script, as they stand in it.</summary>
internal sealed class ReportAssets
{
    private ReportAssets(string style, string script)
    {
        Style = style;
        Script = script;
    }

    public string Style { get; }

    public string Script { get; }

    /// <summary>Lets the page run this script and use this style, and nothing else: it may load, send and embed nothing.</summary>
    public string Policy =>
        $"default-src 'none'; script-src '{Hash(Script)}'; style-src '{Hash(Style)}'; base-uri 'none'; form-action 'none'";

    public static ReportAssets Load() => new(Read("report.css"), Read("report.js"));

    private static string Read(string name)
    {
        using var stream = typeof(ReportAssets).Assembly.GetManifestResourceStream("Cfx.Core.Reporting.Html." + name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);

        // A browser hashes the text after it has turned every line end into a line feed.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
