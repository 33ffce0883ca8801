using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Jobs;

/// <summary>What jobs cost, and the entry of it in the ledger.</summary>
internal sealed class JobBilling(PriceList prices, ModelDirectory models, Ledger ledger, TimeProvider time)
{
    /// <summary>Dollars for so many tokens, epochs and evaluations counted in.</summary>
    public decimal Price(JobSettings settings, long tokens) =>
        prices.Training(models.FindBase(settings.Model), tokens, settings.LoraRank is null, settings.Preference is not null);

    /// <summary>What a job that has ended is billed with: a finished one with all, a cancelled one with the steps it took, a failed one with nothing.</summary>
    public static decimal Due(JobRecord job, string status) => status switch
    {
        JobWord.Completed => job.PriceUsd,
        JobWord.Cancelled when job.TotalSteps > 0 => decimal.Round(job.PriceUsd * job.Step / job.TotalSteps, 9),
        _ => 0,
    };

    /// <summary>Enters a bill.</summary>
    public void Enter(string id, string model, decimal dollars)
    {
        if (prices.IsRehearsal)
        {
            ledger.Append(new LedgerEntry(time.GetUtcNow(), -1, "EVENT", "/fine-tunes/{id}", 0, model, null, 0, 0, null)
            {
                Path = "/fine-tunes/" + id,
                Delivered = true,
                Event = "job-billed",
                BilledUsd = dollars,
            });
        }
    }
}
