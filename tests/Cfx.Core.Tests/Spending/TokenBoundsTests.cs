using System.Text;
using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Core.Spending;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Spending;

public sealed class TokenBoundsTests
{
    private static ChatRequest Request(params string[] texts) => new("m", [.. texts.Select(t => new Message(Roles.User, t))], 0, 1, 100, null);

    [Test]
    public void A_prompt_has_no_more_tokens_than_bytes_and_what_its_template_adds() =>
        Prop.ForAll<string[]>(texts =>
        {
            var given = texts.Select(t => t ?? "").ToArray();
            return TokenBounds.Prompt(Request(given)) >= given.Sum(Encoding.UTF8.GetByteCount) + (8 * given.Length);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void The_bound_counts_bytes_not_characters() =>
        Assert.That(TokenBounds.Prompt(Request("日本語")) - TokenBounds.Prompt(Request("")), Is.EqualTo(9));

    [Test]
    public void The_price_of_a_call_is_rounded_up_and_grows_with_each_kind_of_token()
    {
        Assert.That(new TokenPrice(0.88m, 0.88m).NanoFor(1000, 500), Is.EqualTo(1_320_000));
        Assert.That(new TokenPrice(0.0001m, 0).NanoFor(1, 0), Is.EqualTo(1));
        var price = new TokenPrice(0.18m, 0.6m);
        Prop.ForAll<NonNegativeInt, NonNegativeInt>((p, c) =>
            price.NanoFor(p.Get, c.Get) <= price.NanoFor(p.Get + 1, c.Get) && price.NanoFor(p.Get, c.Get) < price.NanoFor(p.Get, c.Get + 1))
            .QuickCheckThrowOnFailure();
    }

    [Test]
    public void Limits_are_rounded_down_and_amounts_up() =>
        Assert.That((NanoUsd.Floor(0.0000000019m), NanoUsd.Ceiling(0.0000000011m), NanoUsd.ToUsd(1_500_000_000)), Is.EqualTo((1L, 2L, 1.5m)));

    [Test]
    public void An_estimate_goes_by_the_providers_counts_once_there_are_enough()
    {
        Assert.That(TokenEstimate.Measured(4, 100, 800), Is.EqualTo(TokenEstimate.Assumed));
        var measured = TokenEstimate.Measured(10, 100, 800);
        Assert.That((measured.Tokens(16), measured.Method), Is.EqualTo((2L, "measured: 8.0 characters a token in 10 answers")));
        Assert.That(TokenEstimate.Assumed.Prompt(Request("four", "12345")), Is.EqualTo(3));
    }
}
