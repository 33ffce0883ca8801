namespace Cfx.Build.Composition;

/// <summary>The commit that a folder is at, without running git: what a CI system says, else what the .git folder holds.</summary>
internal static class GitCommit
{
    private static readonly string[] Variables = ["GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "BUILD_VCS_NUMBER", "GIT_COMMIT"];

    /// <param name="root">The project's folder.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <returns>40 or 64 lower-case hexadecimal digits; null when neither tells.</returns>
    public static string? Of(string root, Func<string, string?> variable) =>
        Variables.Select(variable).Select(Hash).FirstOrDefault(h => h is not null) ?? OfFolder(root);

    private static string? OfFolder(string root)
    {
        try
        {
            var folder = Path.Combine(root, ".git");
            if (File.Exists(folder))
            {
                // A further work tree: the file says where its own part is.
                folder = File.ReadAllText(folder) is var text && text.StartsWith("gitdir:", StringComparison.Ordinal)
                    ? Path.GetFullPath(text["gitdir:".Length..].Trim(), root)
                    : folder;
            }

            var head = Path.Combine(folder, "HEAD");
            if (!File.Exists(head))
            {
                return null;
            }

            var at = File.ReadAllText(head).Trim();
            return at.StartsWith("ref:", StringComparison.Ordinal) ? OfReference(folder, at["ref:".Length..].Trim()) : Hash(at);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A report can do without.
            return null;
        }
    }

    private static string? OfReference(string folder, string reference)
    {
        var common = Path.Combine(folder, "commondir");
        string[] folders = File.Exists(common) ? [folder, Path.GetFullPath(File.ReadAllText(common).Trim(), folder)] : [folder];
        foreach (var path in folders.Select(f => Path.Combine(f, reference)).Where(File.Exists))
        {
            return Hash(File.ReadAllText(path));
        }

        return folders.Select(f => Path.Combine(f, "packed-refs")).Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Where(l => l.EndsWith(' ' + reference, StringComparison.Ordinal))
            .Select(l => Hash(l[..l.IndexOf(' ', StringComparison.Ordinal)]))
            .FirstOrDefault();
    }

    private static string? Hash(string? text)
    {
        var hash = text?.Trim().ToLowerInvariant();
        return hash is { Length: 40 or 64 } && hash.All(char.IsAsciiHexDigitLower) ? hash : null;
    }
}
