using Cfx.Core.Artifacts;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Artifacts;

public sealed class SafeFileNameTests
{
    private static readonly string[] Parts = ["..", "/", "\\", "a", ".", "-", "\0", ":", "~", "é", "C:", "\n", "model", "%2e", new('x', 60)];

    [Test]
    public void No_name_leaves_its_folder() => Prop.ForAll(Gen.Elements(Parts).ListOf().Select(string.Concat).ToArbitrary(), name =>
    {
        var folder = Path.GetFullPath("/some/folder");
        var safe = SafeFileName.Of(name);
        var path = Path.GetFullPath(Path.Combine(folder, safe));
        return safe.Length is > 0 and <= SafeFileName.MaxLength && Path.GetDirectoryName(path) == folder && Path.GetFileName(path) == safe;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [TestCase("acct/Meta-Llama-3.1-8B:ft", "acct-Meta-Llama-3.1-8B-ft")]
    [TestCase("../../etc/passwd", "etc-passwd")]
    public void A_name_stays_readable(string name, string safe) => Assert.That(SafeFileName.Of(name), Is.EqualTo(safe));

    [Test]
    public void Long_names_that_begin_alike_stay_apart() =>
        Assert.That(SafeFileName.Of(new string('a', 300)), Is.Not.EqualTo(SafeFileName.Of(new string('a', 301))));
}
