namespace Cfx.Core;

/// <summary>One piece of countable work under way. Safe to call from several threads.</summary>
public interface IProgressScope : IDisposable
{
    /// <param name="done">How many are finished so far.</param>
    /// <param name="detail">A short remark shown beside the count, such as a loss; null for none.</param>
    void Report(long done, string? detail = null);
}
