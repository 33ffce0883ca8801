using Cfx.Core;

namespace Cfx.Together;

/// <summary>How to reach a provider that speaks the Together wire, and how hard to press it.</summary>
/// <param name="Provider">The provider's name in messages: together, sandbox, or another.</param>
/// <param name="BaseUrl">Up to and with the version, such as https://api.together.ai/v1. HTTPS, or any loopback address.</param>
/// <param name="Key">Sent in the Authorization header alone; null where the server asks for none.</param>
public sealed record TogetherOptions(string Provider, Uri BaseUrl, ApiKey? Key)
{
    public const string DefaultBaseUrl = "https://api.together.ai/v1";

    /// <summary>The provider name of servers that speak OpenAI's chat wire and nothing else of Together's: they train and serve no tuned models.</summary>
    public const string OpenAi = "openai";

    /// <summary>The key of Weights &amp; Biases, sent only with a job that names a project there; null for none.</summary>
    public ApiKey? WandbKey { get; init; }

    /// <summary>How long a call that was sent may still come in after the run was told to stop; 0 to 4 seconds, so that all ends within 5.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The most chat calls in flight, 1 to 1024.</summary>
    public int MaxConcurrency { get; init; } = 32;

    /// <summary>The least time between the starts of two chat calls, 0 or more.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How often a call is sent at most, 1 to 20. A call that creates something paid is always sent once.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The longest one attempt of a call may take, uploads apart.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest one attempt of sending a file may take.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest to wait for the provider to process an uploaded file.</summary>
    public TimeSpan ProcessingTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Time between looks at a file that is being processed.</summary>
    public TimeSpan ProcessingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The median wait before the second attempt; it about doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between attempts, unless the provider asks for a longer one.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait that a provider may ask for; beyond it the call fails at once, since a quota is spent.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Seeds the jitter of waits.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether only the chat wire is spoken.</summary>
    internal bool IsChatOnly => string.Equals(Provider, OpenAi, StringComparison.Ordinal);

    /// <summary>Where people put the key.</summary>
    internal string KeyVariable => IsChatOnly ? "OPENAI_API_KEY" : "TOGETHER_API_KEY";

    /// <summary>Takes every key out of a text that came from elsewhere.</summary>
    internal string Redact(string text)
    {
        text = Key?.Redact(text) ?? text;
        return WandbKey?.Redact(text) ?? text;
    }

    /// <exception cref="MisuseException">A value is out of range; every fault is named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!BaseUrl.IsAbsoluteUri || !Connection.IsAllowed(BaseUrl))
        {
            faults.Add($"the base URL '{BaseUrl}' must begin with https:// (http:// only for this machine), for example {DefaultBaseUrl}");
        }
        else if (BaseUrl.UserInfo.Length > 0 || BaseUrl.Query.Length > 0)
        {
            faults.Add("the base URL must have neither a user name nor a query");
        }

        Require(MaxConcurrency is >= 1 and <= 1024, $"--max-concurrency is {MaxConcurrency}; it must be 1 to 1024");
        Require(Delay >= TimeSpan.Zero && Delay <= TimeSpan.FromHours(1), $"--delay is {Delay.TotalSeconds} s; it must be 0 to 3600");
        Require(Attempts is >= 1 and <= 20, $"attempts are {Attempts}; they must be 1 to 20");
        Require(Grace >= TimeSpan.Zero && Grace <= TimeSpan.FromSeconds(4), "the grace must be 0 to 4 s");
        Require(RequestTimeout > TimeSpan.Zero, "the request timeout must be above 0");
        Require(UploadTimeout > TimeSpan.Zero, "the upload timeout must be above 0");
        Require(ProcessingTimeout > TimeSpan.Zero, "the processing timeout must be above 0");
        Require(ProcessingInterval > TimeSpan.Zero, "the processing interval must be above 0");
        Require(RetryDelay > TimeSpan.Zero && MaxRetryDelay >= RetryDelay, "the retry delay must be above 0 and at most the longest one");
        Require(MaxRetryAfter >= TimeSpan.Zero, "the longest wait a provider may ask for must be 0 or more");
        if (faults.Count > 0)
        {
            throw new MisuseException($"Provider {Provider}: {string.Join("; ", faults)}.");
        }

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }
}
