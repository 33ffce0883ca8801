namespace Cfx.Core.Training;

/// <summary>Puts job records on disk. Overridden only to see what a write that fails or comes too late leads to.</summary>
public class JobRecordWriter
{
    /// <summary>Writes the record whole; an interrupted write leaves the older one.</summary>
    public virtual Task WriteAsync(JobRecord record, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.WriteAsync(path, cancellationToken);
    }
}
