using Cfx.Core.Reporting;

namespace Cfx.Core.Tests.Reporting;

public sealed class PValueTextTests
{
    [TestCase(1, null, "1.0000")]
    [TestCase(0.036701, null, "0.0367")]
    [TestCase(0.0001, null, "0.0001")]
    [TestCase(0.00009, null, "<0.0001 (log10 p = -4.0)")]
    [TestCase(0, -8747.05, "<0.0001 (log10 p = -8747.1)")]
    [TestCase(0, null, "<0.0001")]
    public void A_p_value_is_never_shown_as_nothing(double p, double? log10P, string expected) =>
        Assert.That(PValueText.Format(p, log10P), Is.EqualTo(expected));
}
