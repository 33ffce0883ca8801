using System.Text.Json.Nodes;

namespace Cfx.Core.Artifacts;

/// <summary>A file as a manifest names it.</summary>
/// <param name="Path">Relative to the study's root where it lies below it, with forward slashes.</param>
/// <param name="Content">What it held.</param>
/// <param name="Text">The whole text of a small text input; null for others.</param>
public sealed record ManifestFile(string Path, ContentHash Content, string? Text = null)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["path"] = Path, ["sha256"] = Content.Sha256, ["bytes"] = Content.Bytes };
        if (Text is not null)
        {
            json["text"] = Text;
        }

        return json;
    }

    internal static ManifestFile FromJson(JsonObject json) => new(
        (string)json["path"]!, new ContentHash((string)json["sha256"]!, (long)json["bytes"]!), (string?)json["text"]);
}
