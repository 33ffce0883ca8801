namespace EndToEnd.Tests;

/// <summary>What is asked wrongly is told in one line each, before anything is written.</summary>
public sealed class MisuseTests
{
    private Checkout _checkout = null!;
    private SortedDictionary<string, string> _before = null!;

    [OneTimeSetUp]
    public void A_checkout_with_nothing_made()
    {
        _checkout = OneTime.Baseline.CloneUnmade();
        File.WriteAllText(_checkout["broken.json"], """[{"conversation_id": "a", "category": "UR2",""");
        _before = _checkout.Snapshot();
    }

    [TearDown]
    public void Nothing_was_written()
    {
        File.WriteAllText(_checkout["study.json"], OneTime.SmallStudy);
        Assert.That(_checkout.Snapshot(), Is.EqualTo(_before));
    }

    [OneTimeTearDown]
    public void The_checkout_is_removed() => _checkout.Dispose();

    [TestCase("--target=Stduy", "There is no target 'Stduy'; did you mean Study?")]
    [TestCase("--target=FineTune -e -1", "-e: -1 is out of range: a whole number from 1 to 20.")]
    [TestCase("--target=Study --epochs=-1", "--epochs: -1 is out of range")]
    [TestCase("--target=FineTune -lr abc", "-lr: 'abc' is not a number from 0 to 1.")]
    [TestCase("--target=Study --epcohs=3", "Unknown option --epcohs; did you mean --epochs?")]
    [TestCase("--target=Study -m x", "-m can mean several things for Study: say --process-model, --finetune-model.")]
    [TestCase("--target=Process --judge=x", "--judge is not an option of Process; it belongs to ")]
    [TestCase("--target=Study --provider=sandbx", "'sandbx' is not one of auto, together, sandbox, openai; did you mean sandbox?")]
    [TestCase("--target=Study --input=nowhere.json", "nowhere.json', which does not exist.")]
    [TestCase("--target=Process -i nowhere.json", "nowhere.json', which does not exist.")]
    [TestCase("--target=FineTune -i nowhere.json", "nowhere.json', which does not exist.")]
    [TestCase("--target=Process --method=feedback -i broken.json -o data/out.json", "broken.json, line 1, column")]
    [TestCase("--target=Study --input=broken.json", "broken.json, line 1, column")]
    [TestCase("--target=FineTune -i broken.json", "broken.json, line 1, column")]
    [TestCase("--target=Evaluate -m1 sandbox/small", "--model2")]
    [TestCase("--target=Process -o data/out.json", "--method")]
    [TestCase("Study", "--target=Study")]
    [TestCase("--explain", "--explain needs a target")]
    public void A_mistake_is_one_clear_line_and_exit_code_2(string line, string expected)
    {
        var run = _checkout.Build(line.Split(' '));

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
        Assert.That(run.Error, Does.Contain(expected).And.StartWith("error: ").And.Not.Contain("   at "));
    }

    [Test]
    public void Several_mistakes_are_told_together()
    {
        File.WriteAllText(_checkout["study.json"], """{ "evaluate": { "tset-size": 20 } }""");

        var run = _checkout.Build("--target=FineTune", "-e", "-1", "-lr", "abc", "--epcohs", "4");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("-1 is out of range").And.Contain("'abc' is not a number").And.Contain("--epcohs; did you mean").And.Contain("'evaluate.tset-size'"));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(4), run.ToString());
    }

    [Test]
    public void An_unknown_target_is_told_together_with_what_is_wrong_in_the_study_file()
    {
        File.WriteAllText(_checkout["study.json"], """{ "evaluate": { "tset-size": 20 } }""");

        var run = _checkout.Build("--target=Stduy", "--target=Study");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("'evaluate.tset-size'").And.Contain("'Stduy'"));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(2), run.ToString());
    }

    [TestCase("""{ "process": { """, "study.json:1: not JSON")]
    [TestCase("""{ "evaluate": { "tset-size": 20 } }""", "study.json:1: unknown key 'evaluate.tset-size'; did you mean test-size?")]
    [TestCase("""{ "finetune": { "epochs": "three" } }""", "study.json:1: 'finetune.epochs'")]
    [TestCase("""{ "finetune": { "epochs": -1 } }""", "study.json:1: 'finetune.epochs'")]
    [TestCase("""{ "arms": [ { "name": "x", "method": "feedbak" } ] }""", "feedbak")]
    [TestCase("""{ "arms": [ { "name": "x", "method": "feedback" }, { "name": "x", "method": "alternative" } ] }""", "'x'")]
    public void A_mistake_in_the_study_file_is_told_with_its_line(string study, string expected)
    {
        File.WriteAllText(_checkout["study.json"], study);

        var run = _checkout.Build("--target=Study");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1), run.ToString());
        Assert.That(run.Error, Does.Contain(expected).And.Contain("study.json:1"));
    }
}
