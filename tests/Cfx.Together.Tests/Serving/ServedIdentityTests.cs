using Cfx.Together.Serving;
using Cfx.Together.Store;

namespace Cfx.Together.Tests.Serving;

public sealed class ServedIdentityTests
{
    [TestCase(null)]
    [TestCase("ft-1")]
    public void Answers_by_name_keep_the_models_own_identity(string? identity) =>
        Assert.That(ServedIdentity.Of(identity, ServingWay.ByName), Is.EqualTo(identity));

    [TestCase(null, ServingWay.Deployment, "v2")]
    [TestCase(null, ServingWay.Endpoint, "v1")]
    [TestCase("ft-1", ServingWay.Deployment, "ft-1 v2")]
    [TestCase("ft-1", ServingWay.Endpoint, "ft-1 v1")]
    public void What_is_kept_of_paid_answers_stays_as_it_is(string? identity, ServingWay way, string expected) =>
        Assert.That(ServedIdentity.Of(identity, way), Is.EqualTo(expected));

    [Test]
    public void No_two_ways_share_a_key() => Assert.That(
        from identity in new[] { null, "ft-1" }
        from way in Enum.GetValues<ServingWay>()
        select ResponseKey.Of("s", ServedIdentity.Of(identity, way), "{}"), Is.Unique);
}
