namespace EndToEnd.Tests;

/// <summary>Studies that differ from the default in their arms or training, and a service that fails.</summary>
public sealed class ArmsTests
{
    [Test]
    public void A_third_method_adds_its_own_work_and_three_comparisons()
    {
        using var checkout = OneTime.Baseline.Clone();
        checkout.Edit("study.json", "\"evaluate\"", """
            "arms": [
              { "name": "feedback", "method": "feedback" },
              { "name": "alternative", "method": "alternative" },
              { "name": "positive", "method": "positive_only" }
            ],
            "evaluate"
            """);

        var run = checkout.Build("--target=Study");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Executed, Is.EqualTo(new[] { "Process", "Prepare", "FineTune", "Respond", "Evaluate", "Analyze", "Study" }), run.ToString());
        Assert.That(checkout.Json("results/study-sandbox/analysis.json")["comparisons"]!.AsArray(), Has.Count.EqualTo(6));
        Assert.That(checkout.Lines("data/study-sandbox/positive_only.jsonl").Where(l => (string)l["category"]! != "UR5" && (string?)l["status"] == "kept"), Is.Empty);
        Assert.That(Directory.GetFiles(checkout[".cfx/sandbox/jobs"]), Has.Length.EqualTo(3));
        Assert.That(File.ReadAllText(checkout["results/study-sandbox/report.md"]), Does.Contain("positive"));

        var again = checkout.Build("--target=Study");
        Assert.That(again.Executed, Is.Empty, again.ToString());
    }

    [Test]
    public void With_a_learning_rate_of_0_every_arm_answers_as_the_base_does()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study", "-lr", "0");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var answers = new[] { "base", "feedback", "alternative" }.Select(arm => Answers(checkout, arm)).ToList();
        Assert.That(answers[0], Is.Not.Empty);
        Assert.That(answers[1], Is.EqualTo(answers[0]));
        Assert.That(answers[2], Is.EqualTo(answers[0]));
        foreach (var comparison in checkout.Json("results/study-sandbox/analysis.json")["comparisons"]!.AsArray())
        {
            Assert.That((double)comparison!["h"]!, Is.EqualTo(0.5));
        }
    }

    private static List<(string, string)> Answers(Checkout checkout, string arm) =>
        [.. checkout.Lines($"results/study-sandbox/responses/{arm}.jsonl").Select(l => ((string)l["item_id"]!, (string)l["response"]!))];
}
