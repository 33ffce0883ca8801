using Cfx.Core.Generation;

namespace Cfx.Core.Spending;

/// <summary>Asked before every attempt of a call that a provider may bill, so that no sum of attempts can pass a budget.</summary>
public interface ICallMeter
{
    /// <summary>Sets aside the most that one attempt can cost.</summary>
    /// <exception cref="BudgetReachedException">It would pass the budget; nothing may be sent.</exception>
    /// <exception cref="MisuseException">The model's price is not known, and calls without a known price were not allowed.</exception>
    ICallCharge Open(ChatRequest request);
}
