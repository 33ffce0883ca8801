using System.Text.Json;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Http;

namespace Cfx.Sandbox.Batches;

/// <summary>Reads and checks a batch's input.</summary>
internal static class BatchInput
{
    private const int MaximumLines = 50_000;
    private const int MaximumIdLength = 64;

    /// <exception cref="InvalidDataException">The file is not a batch's; the message names the line.</exception>
    public static async Task<IReadOnlyList<BatchLine>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var lines = new List<BatchLine>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? model = null;
        await using var stream = File.OpenRead(path);
        await foreach (var bytes in JsonLines.ReadAsync(stream, cancellationToken))
        {
            var at = lines.Count + 1;
            if (at > MaximumLines)
            {
                throw new InvalidDataException($"the file has more than {MaximumLines} requests.");
            }

            var line = Read(bytes, at);
            if (!names.Add(line.CustomId))
            {
                throw new InvalidDataException($"line {at} has the custom_id '{line.CustomId}' of an earlier line.");
            }

            // Whether models may be mixed is said nowhere: here they may not, so that no client comes to rely on it.
            var asked = line.Body.Find("model") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;
            model ??= asked;
            if (!string.Equals(model, asked, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"line {at} is for another model than the lines before it.");
            }

            lines.Add(line);
        }

        return lines.Count > 0 ? lines : throw new InvalidDataException("the file has no request.");
    }

    private static BatchLine Read(byte[] bytes, int at)
    {
        try
        {
            using var document = TrainingLine.Parse(bytes);
            var root = document.RootElement;
            var name = root.Find("custom_id") is { ValueKind: JsonValueKind.String } id ? id.GetString()! : string.Empty;
            if (name.Length is 0 or > MaximumIdLength)
            {
                throw new InvalidDataException($"line {at} needs a custom_id of 1 to {MaximumIdLength} characters.");
            }

            return root.Find("body") is { ValueKind: JsonValueKind.Object } body
                ? new BatchLine(name, body.Clone())
                : throw new InvalidDataException($"line {at} needs an object as its body.");
        }
        catch (LineFormatException error)
        {
            throw new InvalidDataException($"line {at} {error.Message}.", error);
        }
    }
}
