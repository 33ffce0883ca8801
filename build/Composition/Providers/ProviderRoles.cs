using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Together;

namespace Cfx.Build.Composition.Providers;

/// <summary>Says who does each section's work: the study's provider, unless the section names its own. Looks at options and environment alone.</summary>
/// <param name="options">The run's options.</param>
/// <param name="variable">Reads the environment.</param>
internal sealed class ProviderRoles(OptionValues options, Func<string, string?> variable)
{
    /// <summary>What a section's provider is when it names none of its own.</summary>
    public const string OfStudy = "study";

    private const string OpenAiUrl = "https://api.openai.com/v1";

    /// <summary>The sections that ask a provider.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["process", "finetune", "respond", "evaluate"];

    /// <summary>The provider's name for a section, without a look at addresses.</summary>
    public static string NameFor(OptionValues options, string section) =>
        HasOwn(options, section) && options.Text(section, "provider") is var own && own != OfStudy ? own : options.Provider;

    /// <exception cref="MisuseException">An address is none, or leads elsewhere than to this machine for a sandbox.</exception>
    public ProviderRole For(string section)
    {
        var provider = NameFor(options, section);
        var (given, by) = Given(section, provider);
        if (given is null)
        {
            return new ProviderRole(section, provider, provider switch
            {
                ProviderRole.Sandbox => null,
                ProviderRole.OpenAi => new Uri(OpenAiUrl),
                _ => new Uri(TogetherOptions.DefaultBaseUrl),
            }, IsUsualAddress: true);
        }

        if (!Uri.TryCreate(given, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new MisuseException($"{by} is '{given}', which is not an absolute http or https address.");
        }

        return provider == ProviderRole.Sandbox && !address.IsLoopback
            ? throw new MisuseException($"{by} is {given}, but a sandbox runs on this machine: give http://127.0.0.1:PORT/v1.")
            : new ProviderRole(section, provider, address, IsUsual(provider, address));
    }

    private static bool HasOwn(OptionValues options, string section) => options.Catalog.Find(section, "provider") is not null;

    private static bool IsUsual(string provider, Uri address) => provider switch
    {
        ProviderRole.Together => Same(address, TogetherOptions.DefaultBaseUrl),
        ProviderRole.OpenAi => Same(address, OpenAiUrl),
        _ => false,
    };

    private static bool Same(Uri address, string usual) =>
        string.Equals(address.AbsoluteUri.TrimEnd('/'), new Uri(usual).AbsoluteUri, StringComparison.Ordinal);

    /// <summary>The address that somebody gave, and how; what is said for one provider is never taken for another's.</summary>
    private (string? Address, string By) Given(string section, string provider)
    {
        if (HasOwn(options, section) && options.TextOrNull(section, "base-url") is { } own)
        {
            return (own, $"--{section}-base-url");
        }

        if (provider == options.Provider && options.TextOrNull("study", "base-url") is { } study)
        {
            return (study, "--base-url");
        }

        var name = provider switch
        {
            ProviderRole.Together => "TOGETHER_BASE_URL",
            ProviderRole.OpenAi => "OPENAI_BASE_URL",
            _ => null,
        };
        return name is not null && variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? (value.Trim(), name) : (null, string.Empty);
    }
}
