using System.Text.Json.Nodes;
using Cfx.Core.Reporting.Verification;

namespace Cfx.Core.Tests.Reporting.Verification;

public sealed class JsonFiguresComparisonTests
{
    [TestCase("""{"a":0.4509016641255818,"b":[1,null]}""", """{"b":[1,null],"a":0.45090166412558186}""", true)]
    [TestCase("""{"a":0.45}""", """{"a":0.4500001}""", false)]
    [TestCase("""{"a":1000000000}""", """{"a":1000000001}""", false)]
    [TestCase("""{"a":1}""", """{"a":1.0}""", true)]
    [TestCase("""{"a":0}""", """{"a":1e-300}""", false)]
    [TestCase("""{"a":null}""", """{"b":null}""", false)]
    [TestCase("""{"a":null}""", """{"a":0}""", false)]
    [TestCase("""{"a":"x"}""", """{"a":"y"}""", false)]
    [TestCase("[1,2]", "[2,1]", false)]
    [TestCase("[1]", "[1,1]", false)]
    public void Only_the_last_digits_of_numbers_that_are_not_whole_may_differ(string one, string other, bool same)
    {
        Assert.That(JsonFiguresComparison.AreSame(JsonNode.Parse(one), JsonNode.Parse(other)), Is.EqualTo(same));
        Assert.That(JsonFiguresComparison.AreSame(JsonNode.Parse(other), JsonNode.Parse(one)), Is.EqualTo(same));
    }
}
