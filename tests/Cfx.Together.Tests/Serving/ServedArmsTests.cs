using Cfx.Together.Serving;

namespace Cfx.Together.Tests.Serving;

public sealed class ServedArmsTests
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TearDown]
    public void TearDown()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    [Test]
    public async Task Each_arm_keeps_the_way_in_which_it_was_last_asked_study_by_study()
    {
        Assert.That(new ServedArms(_root, "s").Read(), Is.Empty);
        await new ServedArms(_root, "s").WriteAsync("base", ServingWay.ByName, default);
        await new ServedArms(_root, "s").WriteAsync("feedback", ServingWay.ByName, default);
        await new ServedArms(_root, "s").WriteAsync("feedback", ServingWay.Deployment, default);

        Assert.That(new ServedArms(_root, "s").Read(), Is.EqualTo(new Dictionary<string, ServingWay> { ["base"] = ServingWay.ByName, ["feedback"] = ServingWay.Deployment }));
        Assert.That(new ServedArms(_root, "other").Read(), Is.Empty);
    }

    [Test]
    public void A_note_that_cannot_be_read_keeps_no_report_from_being_made()
    {
        Directory.CreateDirectory(Path.Combine(_root, "arms"));
        File.WriteAllText(Path.Combine(_root, "arms", "s.json"), "{");

        Assert.That(new ServedArms(_root, "s").Read(), Is.Empty);
    }
}
