using Cfx.Core.Training;

namespace Cfx.Together.Batch;

/// <summary>The files that this project's batches left at a provider.</summary>
public static class BatchFiles
{
    /// <summary>How the files stand: calls and results by id, and by name the calls of which no id is known or that bear a batch's name and are another's.</summary>
    /// <param name="folder">Where batches are remembered.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="Core.MisuseException">A file there is not a record.</exception>
    public static async Task<IReadOnlyDictionary<string, RemoteClaim>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var records = await new BatchFolder(new BatchOptions(folder)).ReadAsync(cancellationToken);
        var claims = new Dictionary<string, RemoteClaim>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            var claim = record.IsFinished ? RemoteClaim.Unneeded : RemoteClaim.UnderWay;
            foreach (var id in new[] { record.InputFileId, record.OutputFileId, record.ErrorFileId }.OfType<string>())
            {
                claims[id] = claim;
            }

            // The name says what is asked, so another copy of the project that asks the same sends a file of this name.
            claims[record.Name + ".jsonl"] = record.IsFinished ? RemoteClaim.Unsure : RemoteClaim.UnderWay;
        }

        return claims;
    }
}
