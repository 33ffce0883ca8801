using Cfx.Core.Generation;
using Cfx.Core.Spending;

namespace Cfx.Together.Store;

/// <summary>One attempt's charge to a study's budget.</summary>
/// <param name="budget">What pays.</param>
/// <param name="meter">The stage's.</param>
/// <param name="request">What is asked.</param>
/// <param name="most">What was set aside, in billionths of a dollar; null when the price is not known.</param>
internal sealed class BudgetCharge(StudyBudget budget, StudyMeter meter, ChatRequest request, long? most) : ICallCharge
{
    private int _ended;

    public void Settle(ChatReply reply) => End((most ?? 0) - (meter.Nano(request, reply) ?? 0), null);

    public void Release() => End(most ?? 0, null);

    public void Unclear() => End(0, (meter.Stage, request.Model, most));

    private void End(long released, (string Stage, string Model, long? Most)? unclear)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            budget.Close(released, unclear);
        }
    }
}
