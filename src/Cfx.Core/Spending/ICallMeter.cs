using Cfx.Core.Generation;

namespace Cfx.Core.Spending;

/// <summary>Asked before every attempt of a call that a provider may bill, so that no sum of attempts can pass a budget.</summary>
public interface ICallMeter
{
    /// <summary>Sets aside the most that one attempt can cost.</summary>
    /// <exception cref="BudgetReachedException">It would pass the budget; nothing may be sent.</exception>
    /// <exception cref="MisuseException">The model's price is not known, and calls without a known price were not allowed.</exception>
    ICallCharge Open(ChatRequest request);

    /// <summary>Like <see cref="Open"/>, but waits while attempts under way, which mostly cost less than was set aside for them, may yet make room.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Gives up waiting; nothing is set aside.</param>
    /// <exception cref="BudgetReachedException">It would pass the budget whatever those cost; nothing may be sent.</exception>
    /// <exception cref="MisuseException">The model's price is not known, and calls without a known price were not allowed.</exception>
    Task<ICallCharge> OpenAsync(ChatRequest request, CancellationToken cancellationToken) => Task.FromResult(Open(request));
}
