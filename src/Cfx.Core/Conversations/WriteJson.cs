using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Conversations;

/// <summary>Small JSON files that people read.</summary>
internal static class WriteJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    public static async Task IndentedAsync(string path, JsonObject json, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteTo(writer);
        }

        bytes.WriteByte((byte)'\n');
        await AtomicFile.WriteTextAsync(path, Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length), cancellationToken);
    }
}
