using Cfx.Core;
using Cfx.Together;

namespace Cfx.Build.Composition.Providers;

/// <summary>The secrets of this run: each is read from its one environment variable, and sent to its own provider alone.</summary>
/// <param name="variable">Reads the environment.</param>
internal sealed class ProviderKeys(Func<string, string?> variable)
{
    public const string Together = "TOGETHER_API_KEY";
    public const string OpenAi = "OPENAI_API_KEY";
    public const string Wandb = "WANDB_API_KEY";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Variables { get; } = [Together, OpenAi, Wandb];

    // The sandbox takes any key, and must never be sent a real one. Keys are blotted out of every reply, so this is no word of any text.
    private const string ForSandbox = "any-key-will-do-for-the-sandbox";

    /// <summary>A key that opens nothing.</summary>
    public static ApiKey Sandbox { get; } = new(ForSandbox);

    /// <summary>The key for one role's provider; null where none is set and none is needed.</summary>
    /// <exception cref="MisuseException">None is set, or what is set cannot be one.</exception>
    public ApiKey? For(ProviderRole role) => role.Provider switch
    {
        ProviderRole.Sandbox => Sandbox,
        ProviderRole.OpenAi => Read(OpenAi) ?? (role.Address is { IsLoopback: true }
            ? null
            : throw new MisuseException($"No API key for {role.Address!.Authority}: set {OpenAi} in the environment. Only a server on this machine needs none.")),
        _ => Read(Together) ?? throw new MisuseException($"No API key: set {Together} in the environment, or use --provider=sandbox."),
    };

    /// <summary>The key of Weights &amp; Biases, for the provider that trains; null where none is set.</summary>
    public ApiKey? ForWandb() => Read(Wandb);

    private ApiKey? Read(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? new ApiKey(value, name) : null;
}
