using Cfx.Core.Generation;

namespace Cfx.Together.Tests.Serving;

/// <summary>A model one of whose failures is heard late: those before it wait until it has failed too, and it waits until it is released.</summary>
/// <param name="inner">Asked.</param>
/// <param name="held">Which failure is late, from 1.</param>
internal sealed class OneLateFailure(IChatModel inner, int held = 2) : IChatModel
{
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    /// <summary>Ends when the late one has failed.</summary>
    public Task Failed => _failed.Task;

    public void Release() => _released.SetResult();

    public async Task<ChatReply> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.CompleteAsync(request, cancellationToken);
        }
        catch (ProviderException)
        {
            if (Interlocked.Increment(ref _failures) == held)
            {
                _failed.SetResult();
                await _released.Task;
            }
            else
            {
                await _failed.Task;
            }

            throw;
        }
    }
}
