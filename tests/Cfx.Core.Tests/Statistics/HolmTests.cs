using Cfx.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Statistics;

public sealed class HolmTests
{
    [TestCase(double.NaN)]
    [TestCase(-0.1)]
    [TestCase(1.1)]
    public void A_value_that_is_no_probability_is_an_error(double p) =>
        Assert.That(() => Holm.Adjust([0.1, p]), Throws.ArgumentException);

    [Test]
    public void Adjusting_keeps_the_order_of_the_values_and_lowers_none() =>
        Prop.ForAll(Gen.Choose(0, 1000).Select(i => i / 1000.0).ListOf().ToArbitrary(), list =>
        {
            var p = list.ToArray();
            var adjusted = Holm.Adjust(p);
            var order = Enumerable.Range(0, p.Length).OrderBy(i => p[i]).ToList();
            return p.Zip(adjusted).All(v => v.Second >= v.First && v.Second <= 1)
                && order.Zip(order.Skip(1)).All(v => adjusted[v.First] <= adjusted[v.Second]);
        }).QuickCheckThrowOnFailure();
}
