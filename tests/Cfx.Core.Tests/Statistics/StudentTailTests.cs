using Cfx.Core.Statistics;

namespace Cfx.Core.Tests.Statistics;

public sealed class StudentTailTests
{
    // With one degree of freedom, |T| exceeds cot(pi alpha / 2) with probability alpha.
    [TestCase(0.05)]
    [TestCase(1e-4)]
    [TestCase(1e-6)]
    [TestCase(1e-9)]
    public void A_quantile_however_far_out_is_found_with_few_degrees_of_freedom(double alpha) =>
        Assert.That(StudentTail.TwoSidedQuantile(1 - alpha, 1), Is.EqualTo(1 / Math.Tan(Math.PI * alpha / 2)).Within(1e-4).Percent);

    [Test]
    public void Every_quantile_has_its_tail([Values(1, 2, 3, 7, 29, 30, 500)] double degreesOfFreedom, [Values(0.5, 0.05, 1e-3, 1e-8)] double alpha) =>
        Assert.That(StudentTail.TwoSidedP(StudentTail.TwoSidedQuantile(1 - alpha, degreesOfFreedom), degreesOfFreedom), Is.EqualTo(alpha).Within(1e-5).Percent);

    [Test]
    public void No_quantile_is_finite_that_nothing_exceeds() =>
        Assert.That(StudentTail.TwoSidedQuantile(1, 3), Is.EqualTo(double.PositiveInfinity));
}
