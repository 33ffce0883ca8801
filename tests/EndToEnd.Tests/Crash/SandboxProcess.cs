using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Crash;

/// <summary>The sandbox served by another process, whose ledger knows what really came in.</summary>
internal sealed partial class SandboxProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _state;
    private readonly Task<string> _error;

    /// <param name="checkout">Where build.sh is run; the state is the checkout's own.</param>
    /// <param name="options">Further options of the target Sandbox.</param>
    public SandboxProcess(Checkout checkout, params string[] options)
    {
        _state = checkout[".cfx/sandbox"];
        _process = checkout.Start([], ["--target=Sandbox", "--port=0", .. options]);
        _process.StandardInput.Close();
        _error = _process.StandardError.ReadToEndAsync();
        var said = new List<string>();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            said.Add(line);
            if (Address().Match(line) is { Success: true } match)
            {
                Server = new Uri(match.Value);
                _ = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new AssertionException($"The sandbox did not start:\n{string.Join('\n', said)}\n{_error.Result}");
    }

    /// <summary>Its address, without the version.</summary>
    public Uri Server { get; }

    /// <summary>The ids of the fine-tuning jobs that it ever made.</summary>
    public IReadOnlyList<string> Jobs =>
        [.. Directory.GetFiles(Path.Combine(_state, "jobs"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    /// <summary>Every request that it answered with success, as the ledger has them: the route and the hash of the body.</summary>
    public IReadOnlyList<(string Route, string Hash)> Answered(string method) =>
        [.. Ledger().Where(e => (string?)e["method"] == method && (int)e["status"]! == 200).Select(e => ((string)e["route"]!, (string?)e["request_hash"] ?? string.Empty))];

    /// <summary>The hashes of the requests whose reply went out as it should.</summary>
    public IReadOnlyList<string> Delivered(string route) =>
        [.. Ledger().Where(e => (string?)e["route"] == route && (int)e["status"]! == 200 && (bool)e["delivered"]!).Select(e => (string)e["request_hash"]!)];

    /// <summary>The hashes of the requests that were answered, whatever became of the reply; once for each answer.</summary>
    public IReadOnlyList<string> Processed(string route) =>
        [.. Ledger().Where(e => (string?)e["route"] == route && (int)e["status"]! == 200).Select(e => (string)e["request_hash"]!)];

    /// <summary>The ledger's lines.</summary>
    public IEnumerable<JsonNode> Ledger()
    {
        var path = Path.Combine(_state, "ledger.jsonl");
        if (!File.Exists(path))
        {
            yield break;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            yield return JsonNode.Parse(line)!;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Address();
}
