using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Crash;
using Microsoft.Data.Sqlite;

namespace EndToEnd.Tests.Paid;

/// <summary>The small study in a checkout of its own, on the way of a paid run: against a sandbox in another process that poses as a paid provider.</summary>
internal sealed class PaidStudy : IDisposable
{
    public const string Key = "tgp_v1_MARKED-9876543210-jihgfedcba";

    private const string StudyName = "rehearsal";

    private PaidStudy(Checkout checkout, SandboxProcess sandbox) => (Checkout, Sandbox) = (checkout, sandbox);

    public Checkout Checkout { get; }

    public SandboxProcess Sandbox { get; }

    /// <summary>The address that the program is given; the sandbox's own unless something stands between them.</summary>
    public Uri? Through { get; set; }

    /// <param name="serving">How tuned models can be asked: name, v2 or v1.</param>
    /// <param name="options">Further options of the target Sandbox.</param>
    public static PaidStudy Start(string serving, params string[] options)
    {
        var checkout = OneTime.Baseline.CloneUnmade();
        return new PaidStudy(checkout, new SandboxProcess(checkout, ["--rehearsal", $"--serving={serving}", "--serving-start=0", .. options]));
    }

    /// <summary>Runs the study.</summary>
    public Run Run(params string[] options) => Checkout.RunProcess(Begin(options));

    /// <summary>Starts the study and leaves it running.</summary>
    public Process Begin(params string[] options) => Begin([], options);

    /// <summary>Starts the study with further environment variables.</summary>
    public Process Begin(Dictionary<string, string> environment, params string[] options) =>
        Checkout.Start(Environment(environment), [.. Usual.Where(u => !options.Any(o => Name(o) == Name(u))), .. options]);

    /// <summary>Runs another target of the study.</summary>
    public Run Target(string target, params string[] options) => Checkout.RunProcess(BeginTarget(target, options));

    /// <summary>Starts another target of the study.</summary>
    public Process BeginTarget(string target, params string[] options) =>
        Checkout.Start(Environment([]), [$"--target={target}", "--provider=together", $"--name={StudyName}", .. options]);

    /// <summary>The analysis without its times.</summary>
    public string Figures => Analysis.Of(Checkout, StudyName);

    /// <summary>What the plan of the last run expected, in US dollars.</summary>
    public decimal Planned => (decimal)Checkout.Json($"results/{StudyName}/plan.json")["total_usd"]!["expected"]!;

    /// <summary>What the provider billed for everything, in US dollars.</summary>
    public decimal Billed => Bill(_ => true);

    /// <summary>What the provider billed for calls and jobs.</summary>
    public decimal BilledWithoutMinutes => Bill(e => !e.StartsWith("serving-", StringComparison.Ordinal));

    /// <summary>How many serving processes have begun, and how many have ended.</summary>
    public (int Started, int Stopped) Served => (Events("serving-started"), Events("serving-stopped"));

    /// <summary>What it has made, without times and addresses.</summary>
    public SortedDictionary<string, string> Artifacts => Paid.Artifacts.Of(Checkout, StudyName);

    /// <summary>The models that answered calls.</summary>
    public IEnumerable<string> AnsweringModels => Models(_ => true);

    /// <summary>The models that answered lines of batches.</summary>
    public IEnumerable<string> BatchedModels => Models(e => e["batch"] is not null);

    /// <summary>The requests that made a batch.</summary>
    public IEnumerable<string> Batches => Sandbox.Ledger()
        .Where(e => (string?)e["method"] == "POST" && (string?)e["route"] == "/batches" && (int)e["status"]! < 300).Select(e => (string)e["request_hash"]!);

    /// <summary>Every chat request that the provider answered.</summary>
    public IReadOnlyList<string> Answers => [.. Sandbox.Answered("POST").Where(e => e.Route == "/chat/completions").Select(e => e.Hash)];

    /// <summary>How many answers of a model to test contexts are kept under an identity.</summary>
    public long StoredAnswers(string model, string? identity)
    {
        using var connection = new SqliteConnection($"Data Source={Checkout[".cfx/responses.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM answers WHERE stage = 'respond' AND model = $model AND model_identity IS $identity";
        command.Parameters.AddWithValue("$model", model);
        command.Parameters.AddWithValue("$identity", (object?)identity ?? DBNull.Value);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>What the study's own ledger says was spent, in US dollars; for minutes, or for all else.</summary>
    public decimal Spent(bool minutes) => NanoUsd(minutes
        ? "SELECT ifnull(sum(settled_nano_usd), 0) FROM spending_entries WHERE key LIKE 'serving:%'"
        : "SELECT (SELECT ifnull(sum(settled_nano_usd), 0) FROM spending_calls) + (SELECT ifnull(sum(settled_nano_usd), 0) FROM spending_entries WHERE key NOT LIKE 'serving:%')");

    /// <summary>What the study's own ledger holds against the budget, in US dollars: what was spent, set aside, or may have been billed.</summary>
    public decimal Counted => NanoUsd("""
        SELECT (SELECT ifnull(sum(settled_nano_usd), 0) FROM spending_calls) + (SELECT ifnull(sum(nano_usd), 0) FROM spending_unclear)
            + (SELECT ifnull(sum(coalesce(settled_nano_usd, reserved_nano_usd)), 0) FROM spending_entries) + (SELECT ifnull(sum(allowance_nano_usd), 0) FROM spending_runs)
        """);

    /// <summary>Asserts that the key is in nothing that was written and in no output.</summary>
    public void AssertKeyIsNowhere(params Run[] runs)
    {
        Assert.That(runs.Select(r => r.Output + r.Error), Has.None.Contains(Key));
        var bytes = Encoding.UTF8.GetBytes(Key);
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        var written = new[] { ".cfx", "data", "models", "results", "prompts" }.SelectMany(f => Directory.EnumerateFiles(Checkout[f], "*", everything))
            .Where(f => !f.EndsWith("/sandbox/lock", StringComparison.Ordinal));
        Assert.That(written.Where(f => File.ReadAllBytes(f).AsSpan().IndexOf(bytes) >= 0), Is.Empty);
    }

    public void Dispose()
    {
        Sandbox.Dispose();
        Checkout.Dispose();
    }

    private static string[] Usual =>
    [
        "--target=Study", "--provider=together", $"--name={StudyName}", "--process-model=sandbox/large", "--finetune-model=sandbox/small", "--judge=sandbox/judge",
        "--check-interval=0.2", "--batch-check-interval=0.2", "--lost-reply-window=1", "--process-delay=0", "--evaluate-delay=0", "--finetune-learning-rate=0.05", "--split-test-share=0.3",
    ];

    // Several judges stand in the place of one.
    private static string Name(string option) => option.Split('=')[0] is "--judges" ? "--judge" : option.Split('=')[0];

    private Dictionary<string, string> Environment(Dictionary<string, string> more) => new(more, StringComparer.Ordinal)
    {
        ["TOGETHER_API_KEY"] = Key,
        ["TOGETHER_BASE_URL"] = new Uri(Through ?? Sandbox.Server, "/v1").ToString(),
    };

    private decimal NanoUsd(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Checkout[".cfx/responses.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()! / 1_000_000_000m;
    }

    private IEnumerable<string> Models(Func<JsonNode, bool> wanted) => Sandbox.Ledger()
        .Where(e => (string?)e["route"] == "/chat/completions" && (int)e["status"]! == 200 && wanted(e)).Select(e => (string)e["model"]!).Distinct(StringComparer.Ordinal);

    private decimal Bill(Func<string, bool> wanted) =>
        Sandbox.Ledger().Where(e => wanted((string?)e["event"] ?? string.Empty)).Sum(e => (decimal?)e["billed_usd"] ?? 0);

    private int Events(string name) => Sandbox.Ledger().Count(e => (string?)e["event"] == name);
}
