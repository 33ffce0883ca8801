namespace Cfx.Core.Spending;

/// <summary>The hard limit over all that a study buys, in every run of it. Entries are durable: one set aside stays so after a crash, until it is
/// settled or released under the same key.</summary>
public interface IBudget
{
    /// <summary>Sets money aside before something is bought that is no chat call. A key that is there already keeps one entry, with the new amount.</summary>
    /// <param name="key">Names what is bought, the same after a restart, such as <c>job:feedback-1a2b3c4d</c>.</param>
    /// <param name="stage">The stage that buys, such as finetune.</param>
    /// <param name="purpose">What it is, for people.</param>
    /// <param name="usd">The most it can cost; null when not known.</param>
    /// <param name="cancellationToken">Gives up before anything is set aside.</param>
    /// <exception cref="BudgetReachedException">It would pass the budget; it must not be bought.</exception>
    /// <exception cref="MisuseException">The price is not known, and buying at unknown prices was not allowed.</exception>
    Task ReserveAsync(string key, string stage, string purpose, decimal? usd, CancellationToken cancellationToken);

    /// <summary>Says what the entry came to; null when the provider does not say, so that the amount set aside stands. Unknown keys are entered.</summary>
    Task SettleAsync(string key, decimal? usd, CancellationToken cancellationToken);

    /// <summary>Nothing was bought after all. A key that is not there is no fault.</summary>
    Task ReleaseAsync(string key, CancellationToken cancellationToken);
}
