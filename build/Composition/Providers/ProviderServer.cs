using Cfx.Together;

namespace Cfx.Build.Composition.Providers;

/// <summary>A server that was reached, for all roles that it has.</summary>
/// <param name="Client">Its one client, and with it its one dispatcher.</param>
/// <param name="Options">How it is reached.</param>
/// <param name="Identity">Part of every stored answer's key.</param>
internal sealed record ProviderServer(TogetherClient Client, TogetherOptions Options, string Identity);
