using Cfx.Core;

namespace Cfx.Sandbox;

/// <summary>How the sandbox's server behaves. The defaults are a fast and faultless server.</summary>
public sealed record SandboxOptions
{
    /// <summary>The folder of its own in which files, jobs, tuned models and the ledger live. Created when missing; one server at a time.</summary>
    public required string StateFolder { get; init; }

    /// <summary>The loopback port, 0 to 65535; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>How long every request waits before it is processed.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>A request waits up to this much longer, drawn from <see cref="Seed"/> and the request's number.</summary>
    public TimeSpan LatencyJitter { get; init; }

    /// <summary>Requests a second above which the answer is 429; null for no limit.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>How many requests may come at once before the rate counts; 1 or more. Null for one second's worth.</summary>
    public int? RateLimitBurst { get; init; }

    /// <summary>Whether a 429 says how long to wait.</summary>
    public bool SendsRetryAfter { get; init; } = true;

    /// <summary>The share of requests that go wrong, 0 to 1.</summary>
    public double FaultRate { get; init; }

    /// <summary>What may happen to those, each as likely as the others; what cannot befall a request is passed over for it.</summary>
    public IReadOnlyList<FaultKind> FaultKinds { get; init; } = FaultMix.Usual;

    /// <summary>Faults at named requests, apart from <see cref="FaultRate"/>. The first rule that hits counts.</summary>
    public IReadOnlyList<FaultRule> FaultScript { get; init; } = [];

    /// <summary>Seeds latency and faults: the same seed gives request number i the same fate.</summary>
    public int Seed { get; init; }

    /// <summary>How the judge model errs.</summary>
    public SandboxJudgeOptions Judge { get; init; } = new();

    /// <summary>Training steps that each look at a job allows; null trains without waiting for anyone.</summary>
    public int? StepsPerPoll { get; init; }

    /// <summary>A job's training is spread over at least this much time.</summary>
    public TimeSpan MinimumJobDuration { get; init; }

    /// <summary>How many looks at a batch it takes before its lines are answered.</summary>
    public int BatchPolls { get; init; }

    /// <summary>A batch's lines are answered at the earliest this long after its creation.</summary>
    public TimeSpan MinimumBatchDuration { get; init; }

    /// <summary>Whether the server poses as a paid provider: with prices, and without a word about its models' content.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>How models that not everyone is served come to answer.</summary>
    public ServingWay Serving { get; init; }

    /// <summary>The models that answer by their own names whatever <see cref="Serving"/> is.</summary>
    public IReadOnlyList<string> ServerlessModels { get; init; } = [Models.BaseModels.Large, Models.BaseModels.Judge];

    /// <summary>How long a dedicated endpoint or a deployment takes until it is ready.</summary>
    public TimeSpan ServingStartTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many times a new file is shown as still being processed.</summary>
    public int FileProcessingPolls { get; init; }

    /// <summary>The largest file that is taken, in bytes; 1 or more.</summary>
    public long MaxFileBytes { get; init; } = 1L << 30;

    /// <summary>Checks every value.</summary>
    /// <exception cref="MisuseException">Names each value that cannot be used.</exception>
    public void Validate()
    {
        var faults = Faults().Concat(Judge.Faults()).ToList();
        if (faults.Count > 0)
        {
            throw new MisuseException("Sandbox options: " + string.Join(" ", faults));
        }
    }

    private IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(StateFolder))
        {
            yield return "StateFolder is empty: name a folder.";
        }

        if (Port is < 0 or > 65535)
        {
            yield return $"Port is {Port}: give 0 to 65535.";
        }

        foreach (var (name, value) in new[] { ("Latency", Latency), ("LatencyJitter", LatencyJitter), ("MinimumJobDuration", MinimumJobDuration), ("MinimumBatchDuration", MinimumBatchDuration), ("ServingStartTime", ServingStartTime) })
        {
            if (value < TimeSpan.Zero || value > TimeSpan.FromDays(1))
            {
                yield return $"{name} is {value}: give a time from 0 to one day.";
            }
        }

        if (RequestsPerSecond is { } rate && !(rate > 0 && double.IsFinite(rate)))
        {
            yield return $"RequestsPerSecond is {rate}: give more than 0, or null for no limit.";
        }

        if (RateLimitBurst is < 1)
        {
            yield return $"RateLimitBurst is {RateLimitBurst}: give 1 or more.";
        }

        if (!(FaultRate is >= 0 and <= 1))
        {
            yield return $"FaultRate is {FaultRate}: give 0 to 1.";
        }

        if (FaultRate > 0 && FaultKinds.Count == 0)
        {
            yield return "FaultKinds is empty although FaultRate is above 0: name at least one kind.";
        }

        foreach (var fault in FaultScript.Select(rule => rule.Fault()).OfType<string>())
        {
            yield return fault;
        }

        if (StepsPerPoll is < 1)
        {
            yield return $"StepsPerPoll is {StepsPerPoll}: give 1 or more, or null to train without waiting.";
        }

        if (BatchPolls < 0)
        {
            yield return $"BatchPolls is {BatchPolls}: give 0 or more.";
        }

        if (FileProcessingPolls < 0)
        {
            yield return $"FileProcessingPolls is {FileProcessingPolls}: give 0 or more.";
        }

        if (MaxFileBytes < 1)
        {
            yield return $"MaxFileBytes is {MaxFileBytes}: give 1 or more.";
        }
    }
}
