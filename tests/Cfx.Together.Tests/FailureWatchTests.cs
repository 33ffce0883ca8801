using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Together.Tests;

[TestFixture]
public sealed class FailureWatchTests
{
    [Test]
    public void It_strikes_exactly_when_one_reason_has_nearly_all_of_the_last_calls() => Prop.ForAll(
        Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (20, Gen.Constant(503)), (1, Gen.Constant(500)))).Resize(120).ToArbitrary(),
        calls =>
        {
            var watch = new FailureWatch();
            for (var i = 0; i < calls.Length; i++)
            {
                var last = calls[..(i + 1)].TakeLast(40).ToList();
                var same = last.Count(c => c == calls[i]);
                if (calls[i] == 0)
                {
                    watch.Good();
                    continue;
                }

                var expected = last.Count >= 20 && same >= 0.95 * last.Count ? (same, last.Count) : ((int, int)?)null;
                if (watch.Failed(FormattableString.Invariant($"call {i}"), calls[i]) != expected)
                {
                    return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [TestCase(null)]
    [TestCase(400)]
    [TestCase(422)]
    public void What_speaks_of_one_requests_content_is_one_reason_only_word_for_word(int? status)
    {
        var (different, same) = (new FailureWatch(), new FailureWatch());
        var struck = Enumerable.Range(0, 60).Select(i => (different.Failed($"call {i}", status), same.Failed("down", status))).ToList();
        Assert.That(struck.Select(s => s.Item1), Is.All.Null);
        Assert.That(struck.FindIndex(s => s.Item2 is not null), Is.EqualTo(19));
    }
}
