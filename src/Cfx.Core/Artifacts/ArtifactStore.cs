using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Redaction;

namespace Cfx.Core.Artifacts;

/// <summary>Decides whether a stage's artifacts are up to date, and records how they were made.</summary>
/// <param name="root">The folder that relative paths and the paths in manifests refer to.</param>
/// <param name="toolVersion">Written into manifests; not part of any fingerprint.</param>
/// <param name="time">The clock for manifests.</param>
/// <param name="redactor">Taken out of what is remembered of records, such as the user's own; null for nothing.</param>
/// <remarks>One instance serves one run: it remembers the hashes of files that have not been touched since it read them.</remarks>
public sealed class ArtifactStore(string root, string toolVersion, TimeProvider time, Redactor? redactor = null)
{
    private const int ExplainedRecords = 5;
    private readonly Dictionary<string, (long Ticks, long Length, ContentHash Hash)> _hashes = new(StringComparer.Ordinal);

    /// <summary>Compares a stage with what its manifest says.</summary>
    /// <param name="recipe">The stage as it is now.</param>
    /// <param name="willRun">Targets that run before this one in a rehearsal, whose outputs are therefore not final; empty in a real run.</param>
    /// <param name="force">Make it anew even if nothing changed.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    public async Task<StageInspection> InspectAsync(
        StageRecipe recipe, IReadOnlySet<string> willRun, bool force, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<string, ContentHash>(StringComparer.Ordinal);
        foreach (var input in recipe.Inputs)
        {
            if (await HashAsync(input.Path, cancellationToken) is { } hash)
            {
                hashes[input.Path] = hash;
            }
        }

        var complete = recipe.Inputs.All(i => hashes.ContainsKey(i.Path));
        var fingerprint = complete ? Fingerprint.Of(recipe, recipe.Inputs.Select(i => hashes[i.Path].Sha256)) : null;
        var manifest = await ManifestAsync(recipe.Outputs[0], cancellationToken);
        var reasons = new List<string>();
        if (force)
        {
            reasons.Add("forced");
        }

        reasons.AddRange(recipe.Inputs.Concat(recipe.Absent).Where(i => i.MadeBy is not null && willRun.Contains(i.MadeBy)).Select(i => i.MadeBy!)
            .Distinct(StringComparer.Ordinal).Select(t => $"{t} runs before it"));
        if (manifest is null)
        {
            reasons.Add(File.Exists(Full(recipe.Outputs[0])) ? $"{Name(recipe.Outputs[0])} has no manifest" : "not made yet");
            return new StageInspection(false, reasons, fingerprint, hashes);
        }

        reasons.AddRange(await OutputChangesAsync(recipe, manifest, cancellationToken));
        reasons.AddRange(ParameterChanges(recipe, manifest));
        reasons.AddRange(await InputChangesAsync(recipe, manifest, hashes, cancellationToken));
        var remark = string.Empty;
        if (manifest.RecipeVersion != recipe.Version)
        {
            var change = $"recipe {manifest.RecipeVersion} → {recipe.Version}";
            if (recipe.Paid)
            {
                remark = $"; made by an older version of this stage ({change}), kept because it was paid for: --force makes it anew";
            }
            else
            {
                reasons.Add(change);
            }
        }

        return reasons.Count > 0
            ? new StageInspection(false, reasons, fingerprint, hashes)
            : new StageInspection(true, [string.Create(CultureInfo.InvariantCulture, $"nothing it depends on has changed since {manifest.FinishedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC{remark}")], fingerprint, hashes);
    }

    /// <summary>Writes the manifest of a stage that has just made its outputs.</summary>
    /// <param name="recipe">The stage.</param>
    /// <param name="inspection">What <see cref="InspectAsync"/> found before the run: inputs count as they were then.</param>
    /// <param name="started">Timestamp of <see cref="TimeProvider.GetTimestamp"/> at the start.</param>
    /// <param name="cost">What it used.</param>
    /// <param name="cancellationToken">Stops hashing; the stage then counts as not made.</param>
    /// <exception cref="StageFailedException">An output is missing.</exception>
    public async Task CommitAsync(
        StageRecipe recipe, StageInspection inspection, long started, StageCost cost, CancellationToken cancellationToken)
    {
        var outputs = new List<ManifestFile>();
        foreach (var output in recipe.Outputs)
        {
            var hash = await HashAsync(output, cancellationToken)
                ?? throw new StageFailedException($"{recipe.Stage} ended without writing {Name(output)}. This is a fault of the program.");
            outputs.Add(new ManifestFile(Name(output), hash));
        }

        var inputs = new List<ManifestFile>();
        foreach (var input in recipe.Inputs)
        {
            var text = input.Kind == InputKind.Text ? await File.ReadAllTextAsync(Full(input.Path), cancellationToken) : null;
            inputs.Add(new ManifestFile(Name(input.Path), inspection.InputHashes[input.Path], text));
        }

        var manifest = new Manifest(
            recipe.Stage, recipe.Version, inspection.Fingerprint!, recipe.Provider, recipe.Parameters, inputs, outputs,
            toolVersion, time.GetUtcNow(), time.GetElapsedTime(started), cost)
        {
            IsSandbox = recipe.Sandbox,
            SplitHash = recipe.SplitPath is { } split ? await SplitHashAsync(Full(split), cancellationToken) : null,
        };
        var records = recipe.Inputs.Where(i => i.Kind == InputKind.Records).Select(i => (Name(i.Path), Full(i.Path))).ToList();
        if (records.Count > 0)
        {
            await RecordIndex.WriteAsync(Full(recipe.Outputs[0]), records, redactor ?? Redactor.None, cancellationToken);
        }

        await manifest.WriteAsync(Full(recipe.Outputs[0]), cancellationToken);
    }

    // A split that cannot be read is told of by the stage that needs it.
    private static async Task<string?> SplitHashAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return File.Exists(path) && JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) is JsonObject split
                ? Conversations.RecordFields.Text(split, "hash")
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How an artifact was made; null when nothing says.</summary>
    public Task<Manifest?> ManifestAsync(string artifact, CancellationToken cancellationToken) =>
        Manifest.TryReadAsync(Full(artifact), cancellationToken);

    /// <summary>The hash of a file; null when there is none.</summary>
    public async Task<ContentHash?> HashAsync(string path, CancellationToken cancellationToken)
    {
        var info = new FileInfo(Full(path));
        if (!info.Exists)
        {
            return null;
        }

        if (_hashes.TryGetValue(info.FullName, out var known) && known.Ticks == info.LastWriteTimeUtc.Ticks && known.Length == info.Length)
        {
            return known.Hash;
        }

        var hash = await ContentHash.OfFileAsync(info.FullName, cancellationToken);
        if (hash is not null)
        {
            _hashes[info.FullName] = (info.LastWriteTimeUtc.Ticks, info.Length, hash);
        }

        return hash;
    }

    private async Task<List<string>> OutputChangesAsync(StageRecipe recipe, Manifest manifest, CancellationToken cancellationToken)
    {
        var changes = new List<string>();
        foreach (var output in recipe.Outputs)
        {
            var name = Name(output);
            var made = manifest.Outputs.FirstOrDefault(o => o.Path == name);
            var now = await HashAsync(output, cancellationToken);
            if (now is null)
            {
                changes.Add($"output {name} is missing");
            }
            else if (made is null)
            {
                changes.Add($"output {name} is not in the manifest");
            }
            else if (made.Content.Sha256 != now.Sha256)
            {
                changes.Add($"output {name} was changed after it was made ({made.Content.Sha256[..8]} → {now.Sha256[..8]})");
            }
        }

        return changes;
    }

    private static IEnumerable<string> ParameterChanges(StageRecipe recipe, Manifest manifest)
    {
        if (manifest.Provider != recipe.Provider)
        {
            yield return $"provider {manifest.Provider} → {recipe.Provider}";
        }

        foreach (var name in recipe.Parameters.Keys.Union(manifest.Parameters.Keys).Order(StringComparer.Ordinal))
        {
            var old = manifest.Parameters.GetValueOrDefault(name);
            var now = recipe.Parameters.GetValueOrDefault(name);
            if (old != now)
            {
                yield return $"{name} {old ?? "(none)"} → {now ?? "(none)"}";
            }
        }
    }

    private async Task<List<string>> InputChangesAsync(
        StageRecipe recipe, Manifest manifest, Dictionary<string, ContentHash> hashes, CancellationToken cancellationToken)
    {
        var changes = new List<string>();
        foreach (var (input, made) in Matched(recipe.Inputs, manifest.Inputs))
        {
            if (input is null)
            {
                changes.Add($"input {made!.Path} is no longer used");
            }
            else if (made is null)
            {
                changes.Add($"input {Name(input.Path)} is new");
            }
            else if (!hashes.TryGetValue(input.Path, out var now))
            {
                changes.Add($"input {Name(input.Path)} is missing");
            }
            else if (now.Sha256 != made.Content.Sha256)
            {
                changes.AddRange(await ExplainInputAsync(recipe, input, made, now, cancellationToken));
            }
        }

        return changes;
    }

    // By place, so that files that were moved are still the same ones; where there are more or fewer than then, by name.
    private IEnumerable<(StageInput? Input, ManifestFile? Made)> Matched(IReadOnlyList<StageInput> inputs, IReadOnlyList<ManifestFile> made)
    {
        if (inputs.Count == made.Count)
        {
            return inputs.Zip(made, (i, m) => ((StageInput?)i, (ManifestFile?)m));
        }

        return inputs.Select(i => ((StageInput?)i, made.FirstOrDefault(m => m.Path == Name(i.Path))))
            .Concat(made.Where(m => inputs.All(i => Name(i.Path) != m.Path)).Select(m => ((StageInput?)null, (ManifestFile?)m)));
    }

    private async Task<IEnumerable<string>> ExplainInputAsync(
        StageRecipe recipe, StageInput input, ManifestFile made, ContentHash now, CancellationToken cancellationToken)
    {
        var name = Name(input.Path);
        var hashes = $"{name} {made.Content.Sha256[..8]} → {now.Sha256[..8]}";
        if (input.Kind == InputKind.Text && made.Text is not null)
        {
            return [$"{hashes}: {FirstDifference(made.Text, await File.ReadAllTextAsync(Full(input.Path), cancellationToken))}"];
        }

        if (input.Kind == InputKind.Records)
        {
            var records = await RecordIndex.ExplainAsync(Full(recipe.Outputs[0]), made.Path, Full(input.Path), redactor ?? Redactor.None, ExplainedRecords, cancellationToken);
            return records switch
            {
                null => [hashes],
                [] => [$"{hashes} (same records, other form or order)"],
                _ => records.Select(r => $"{name}: {r}"),
            };
        }

        return [hashes];
    }

    private static string FirstDifference(string before, string now)
    {
        var old = before.Split('\n');
        var current = now.Split('\n');
        var line = 0;
        while (line < old.Length && line < current.Length && old[line] == current[line])
        {
            line++;
        }

        return $"line {line + 1} '{Short(old)}' → '{Short(current)}'";

        string Short(string[] lines) => line >= lines.Length ? "(end)" : lines[line].Length <= 60 ? lines[line] : lines[line][..57] + "…";
    }

    private string Full(string path) => Path.GetFullPath(path, root);

    private string Name(string path)
    {
        var full = Full(path);
        var relative = Path.GetRelativePath(root, full);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? full : relative).Replace('\\', '/');
    }
}
