using Cfx.Core;

namespace Cfx.Together.Store;

/// <summary>Says what to do about a price that is not known.</summary>
public static class UnknownPrice
{
    /// <param name="what">The models or the thing without a price.</param>
    public static MisuseException Of(string what) => new(
        $"The price of {what} is not known, so no budget could hold. Give it in a file of prices (--prices=FILE, see docs/cost.md), "
        + "or allow calls without a known price with --allow-unknown-price; they are then counted, but not held against the budget.");
}
