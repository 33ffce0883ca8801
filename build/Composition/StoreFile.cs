using Cfx.Together.Store;

namespace Cfx.Build.Composition;

/// <summary>Where this checkout keeps its answers.</summary>
internal static class StoreFile
{
    public static StoreOptions Options(string root) => new(Path.Combine(root, ".cfx", "responses.db"));
}
