using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

public sealed class StableSeedTests
{
    [Test]
    public void The_same_parts_give_the_same_seed_on_every_machine() =>
        Assert.That(StableSeed.Derive(42, "improve", "c1"), Is.EqualTo(3886384182226000154UL));

    [TestCase(43, "improve", "c1")]
    [TestCase(42, "respond", "c1")]
    [TestCase(42, "improve", "c2")]
    [TestCase(42, "improvec", "1")]
    public void Another_seed_purpose_or_item_gives_another_seed(long seed, string purpose, string item) =>
        Assert.That(StableSeed.Derive(seed, purpose, item), Is.Not.EqualTo(StableSeed.Derive(42, "improve", "c1")));

    [Test]
    public void A_request_seed_is_never_negative() =>
        Assert.That(Enumerable.Range(0, 200).Select(i => StableSeed.ForRequest(i, "x")), Is.All.GreaterThanOrEqualTo(0));
}
