namespace Cfx.Build.Composition.Providers;

/// <summary>Who does one section's work.</summary>
/// <param name="Section">process, finetune, respond or evaluate.</param>
/// <param name="Provider">together, sandbox or openai.</param>
/// <param name="Address">Up to and with the version; null for the sandbox that this run starts itself.</param>
/// <param name="IsUsualAddress">Whether it is the provider's own address, which needs no mention.</param>
internal sealed record ProviderRole(string Section, string Provider, Uri? Address, bool IsUsualAddress)
{
    public const string Together = "together";
    public const string Sandbox = "sandbox";
    public const string OpenAi = Cfx.Together.TogetherOptions.OpenAi;

    public bool IsSandbox => Provider == Sandbox;

    /// <summary>Whether its calls cost no money: a sandbox's, and those of an OpenAI-compatible server on this machine.</summary>
    public bool IsFree => IsSandbox || (Provider == OpenAi && Address is { IsLoopback: true });

    /// <summary>Whether this run starts the sandbox itself.</summary>
    public bool IsEmbedded => IsSandbox && Address is null;

    /// <summary>The provider as fingerprints name it: its address too where it is not the usual one.</summary>
    public string Identity => Address is null || IsUsualAddress ? Provider : $"{Provider} {Address.OriginalString.TrimEnd('/')}";
}
