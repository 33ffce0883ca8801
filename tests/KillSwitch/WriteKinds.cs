using System.Text;
using System.Text.RegularExpressions;

namespace Cfx.KillSwitch;

/// <summary>The kinds of file writes that a process has ended at already: side, path, and the state that a record then says it is in.</summary>
/// <param name="path">A file with a line for each; it takes a line for each new one.</param>
internal sealed partial class WriteKinds(string path)
{
    private const int MostRead = 4096;

    private readonly HashSet<string> _known = File.Exists(path) ? new(File.ReadLines(path), StringComparer.Ordinal) : new(StringComparer.Ordinal);

    /// <summary>Notes a write; tells whether it is the first of its kind.</summary>
    /// <param name="side">"Before" or "After".</param>
    /// <param name="file">The file that is written; before the write its new content lies beside it.</param>
    public bool Add(string side, string file)
    {
        var kind = $"{side}\t{file}\t{StateOf(side == "Before" ? file + ".partial" : file)}";
        if (!_known.Add(kind))
        {
            return false;
        }

        File.AppendAllText(path, kind + "\n");
        return true;
    }

    // Records of jobs, batches and deployments are written at each step of what they stand for, under one name.
    private static string StateOf(string file)
    {
        var start = new byte[MostRead];
        using var stream = File.OpenRead(file);
        var text = Encoding.UTF8.GetString(start, 0, stream.ReadAtLeast(start, MostRead, throwOnEndOfStream: false));
        return string.Join(' ', Words().Matches(text).Select(m => m.Groups["word"].Value).Take(2));
    }

    [GeneratedRegex("\"(state|status|settled)\"\\s*:\\s*\"?(?<word>\\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Words();
}
