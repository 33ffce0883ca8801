using System.Text.Json;
using Cfx.Sandbox.Hosting;

namespace Cfx.Sandbox.Files;

/// <summary>Checks and reads JSONL training files.</summary>
internal static class TrainingFile
{
    public static async Task<FileCheck> CheckAsync(Stream stream, CancellationToken cancellationToken)
    {
        string? format = null;
        var lines = 0;
        var hasWeights = false;
        await foreach (var line in JsonLines.ReadAsync(stream, cancellationToken))
        {
            lines++;
            try
            {
                using var document = TrainingLine.Parse(line);
                var found = TrainingLine.Check(document.RootElement, ref hasWeights);
                format ??= found;
                if (!string.Equals(found, format, StringComparison.Ordinal))
                {
                    throw new LineFormatException($"is of the form {found}, while the lines before are {format}");
                }
            }
            catch (LineFormatException error)
            {
                return new FileCheck($"line {lines} {error.Message}.", format, lines, hasWeights);
            }
        }

        return new FileCheck(lines == 0 ? "the file is empty." : null, format, lines, hasWeights);
    }

    /// <summary>Reads the examples of a file that has been found valid and is a conversation, instruction or preference file.</summary>
    public static async Task<IReadOnlyList<TrainingExample>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var examples = new List<TrainingExample>();
        await using var stream = File.OpenRead(path);
        await foreach (var line in JsonLines.ReadAsync(stream, cancellationToken))
        {
            using var document = TrainingLine.Parse(line);
            var root = document.RootElement;
            if (root.TryGetProperty("input", out var input))
            {
                examples.Add(Preference(root, input));
                continue;
            }

            examples.Add(root.TryGetProperty("messages", out var messages)
                ? new TrainingExample([.. messages.EnumerateArray().Select(Message)])
                : new TrainingExample(
                [
                    new TrainingMessage("user", root.GetProperty("prompt").GetString()!, IsTrained: false),
                    new TrainingMessage("assistant", root.GetProperty("completion").GetString()!, IsTrained: true),
                ]));
        }

        return examples;
    }

    private static TrainingExample Preference(JsonElement root, JsonElement input)
    {
        string Output(string name) => root.GetProperty(name)[0].GetProperty("content").GetString()!;
        return new TrainingExample(
        [
            .. input.GetProperty("messages").EnumerateArray().Select(message => Message(message) with { IsTrained = false }),
            new TrainingMessage("assistant", Output("preferred_output"), IsTrained: true),
        ])
        {
            Rejected = Output("non_preferred_output"),
        };
    }

    private static TrainingMessage Message(JsonElement message)
    {
        var role = message.GetProperty("role").GetString()!;
        // Without a weight an answer is trained and everything else is not.
        var weighted = !message.TryGetProperty("weight", out var weight) || weight.GetInt32() == 1;
        return new TrainingMessage(role, message.GetProperty("content").GetString()!, weighted && role is "assistant");
    }
}
