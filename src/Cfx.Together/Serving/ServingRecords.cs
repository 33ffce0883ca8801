using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cfx.Core;
using Cfx.Core.Artifacts;

namespace Cfx.Together.Serving;

/// <summary>Leases in a folder, one file each; files appear whole or not at all.</summary>
/// <param name="folder">Need not exist.</param>
public sealed class ServingRecords(string folder) : IServingRecords
{
    private const string Ending = ".json";
    private readonly string _decisions = Path.Combine(folder, "ways");

    public async Task<IReadOnlyList<ServingRecord>> ListAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var records = new List<ServingRecord>();
        foreach (var path in Directory.GetFiles(folder, "*" + Ending).Order(StringComparer.Ordinal))
        {
            records.Add((await ReadFileAsync(path, ServingJson.Default.ServingRecord, cancellationToken))!);
        }

        return records;
    }

    public Task<ServingRecord?> ReadAsync(string name, CancellationToken cancellationToken) =>
        ReadFileAsync(PathOf(folder, name), ServingJson.Default.ServingRecord, cancellationToken);

    public Task WriteAsync(ServingRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return AtomicFile.WriteBytesAsync(
            PathOf(folder, record.Name), JsonSerializer.SerializeToUtf8Bytes(record, ServingJson.Default.ServingRecord), cancellationToken);
    }

    public Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(folder, name));
        return Task.CompletedTask;
    }

    public Task<ServingDecision?> ReadDecisionAsync(string key, CancellationToken cancellationToken) =>
        ReadFileAsync(PathOf(_decisions, key), ServingJson.Default.ServingDecision, cancellationToken);

    public Task WriteDecisionAsync(string key, ServingDecision decision, CancellationToken cancellationToken) => AtomicFile.WriteBytesAsync(
        PathOf(_decisions, key), JsonSerializer.SerializeToUtf8Bytes(decision, ServingJson.Default.ServingDecision), cancellationToken);

    private static string PathOf(string folder, string name) => ServingNames.IsOurs(name)
        ? Path.Combine(folder, name + Ending)
        : throw new ArgumentException($"'{name}' is no name of a lease.", nameof(name));

    private static async Task<T?> ReadFileAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Something paid may run under it, so it is not passed over.
            throw new StageFailedException(
                $"'{path}' cannot be read ({e.Message}). It stands for a model that may be running at the provider: look there for "
                + $"'{Path.GetFileNameWithoutExtension(path)}', stop it if it runs, then remove the file.");
        }
    }
}
