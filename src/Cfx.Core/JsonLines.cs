using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core;

/// <summary>Reads the project's own JSONL files, in which every line has to be right.</summary>
internal static class JsonLines
{
    /// <summary>The file's objects one after another, each with its place in words; empty lines are passed over and nothing but the current line
    /// is held.</summary>
    /// <param name="path">A file that a stage of this project wrote.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MisuseException">The file is missing, or a line is not a JSON object; names file and line.</exception>
    public static async IAsyncEnumerable<(string Place, JsonObject Record)> ReadAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new MisuseException($"{path}: no such file; run the target that makes it, or correct the path.");
        }

        await foreach (var read in ConversationReader.ReadAsync(path, cancellationToken))
        {
            yield return read.Value is { } record
                ? (read.Position.ToString(), record)
                : throw new MisuseException($"{read.Rejected}; mend the line, or run the target that makes the file again.");
        }
    }
}
