namespace Cfx.Together.Batch;

/// <summary>The files that this project's batches left at a provider.</summary>
public static class BatchFiles
{
    /// <summary>By name at the provider, whether the batch is still to be collected.</summary>
    /// <param name="folder">Where batches are remembered.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="Core.MisuseException">A file there is not a record.</exception>
    public static async Task<IReadOnlyDictionary<string, bool>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var records = await new BatchFolder(new BatchOptions(folder)).ReadAsync(cancellationToken);
        return records.ToDictionary(r => r.Name + ".jsonl", r => !r.IsFinished, StringComparer.Ordinal);
    }
}
