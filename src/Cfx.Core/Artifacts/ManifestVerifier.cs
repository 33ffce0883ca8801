namespace Cfx.Core.Artifacts;

/// <summary>Holds every manifest of a study against the files that it names.</summary>
public static class ManifestVerifier
{
    private const string ManifestPattern = "*.manifest.json";

    /// <summary>Looks at all manifests below some folders.</summary>
    /// <param name="root">What the paths in manifests refer to.</param>
    /// <param name="folders">Searched with what lies below them; one that does not exist holds nothing.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    /// <returns>How many manifests there are, and one line for each file that is missing or not what a manifest says.</returns>
    public static async Task<(int Manifests, IReadOnlyList<string> Faults)> VerifyAsync(
        string root, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var hashes = new Dictionary<string, ContentHash?>(StringComparer.Ordinal);
        var manifests = folders.Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, ManifestPattern, SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).ToList();
        foreach (var path in manifests)
        {
            var artifact = path[..^(ManifestPattern.Length - 1)];
            var name = Path.GetRelativePath(root, artifact).Replace('\\', '/');
            if (await Manifest.TryReadAsync(artifact, cancellationToken) is not { } manifest)
            {
                faults.Add($"{name}: its manifest cannot be read");
                continue;
            }

            foreach (var output in manifest.Outputs)
            {
                await CompareAsync(name, output, "which it made", "was changed after it was made");
            }

            foreach (var input in manifest.Inputs)
            {
                await CompareAsync(name, input, "which it was made from", $"is not what {name} was made from");
            }
        }

        return (manifests.Count, faults);

        async Task CompareAsync(string name, ManifestFile file, string role, string changed)
        {
            if (!hashes.TryGetValue(file.Path, out var now))
            {
                now = await ContentHash.OfFileAsync(Path.GetFullPath(file.Path, root), cancellationToken);
                hashes[file.Path] = now;
            }

            var subject = file.Path == name ? "it" : file.Path;
            if (now is null)
            {
                faults.Add($"{name}: {subject}, {role}, is missing");
            }
            else if (now.Sha256 != file.Content.Sha256)
            {
                faults.Add($"{name}: {subject} {changed} ({file.Content.Sha256[..8]} → {now.Sha256[..8]})");
            }
        }
    }
}
