using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>What people wrote stays with who may read it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivacyTests
{
    private const string Mark = "marked-person@example.org";
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Test]
    public void What_the_redaction_rules_name_is_written_nowhere_and_sent_nowhere()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();
        MarkEveryMessage(checkout["data/conversations.json"]);
        File.WriteAllText(checkout["study.json"], OneTime.SmallStudy.Replace("{\n  \"process\"", "{\n  \"redact\": [ \"email\", { \"name\": \"code\", \"pattern\": \"CODE-[0-9]+\" } ],\n  \"process\"", StringComparison.Ordinal));

        // The embedded sandbox keeps its files in the checkout too, so what it was sent is searched as well.
        var run = checkout.Build("--target=Study", "--verbosity=diagnostic");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output + run.Error, Does.Not.Contain(Mark).And.Not.Contain("CODE-7"));
        AssertNowhere(checkout, Mark);
        AssertNowhere(checkout, "CODE-7");
        Assert.That(File.ReadAllText(checkout["data/study-sandbox/feedback_training.jsonl"]), Does.Contain("[EMAIL]").And.Contain("[CODE]"));
        Assert.That((long)checkout.Json("data/study-sandbox/filter.json")["redacted"]!["email"]!, Is.GreaterThan(100));

        var again = checkout.Build("--target=Study");
        Assert.That(again.Executed, Is.Empty, again.ToString());
        checkout.Edit("study.json", "CODE-[0-9]+", "CODE-[0-9]");
        var explained = checkout.Build("--target=Study", "--explain");
        Assert.That(explained.WouldRun, Is.SupersetOf(Targets.All.Except(Targets.Gathering.Keys)), "another rule makes everything anew");
    }

    [Test]
    public void Everything_a_study_makes_is_its_owners_alone()
    {
        using var checkout = OneTime.Baseline.CloneUnmade();

        var run = checkout.Build("--target=Study");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        AssertOwnersAlone(checkout, "data/study-sandbox", "models/study-sandbox", "results/study-sandbox", ".cfx/logs");
    }

    /// <summary>Asserts that nobody but their owner may look into some folders, and into the response store.</summary>
    internal static void AssertOwnersAlone(Checkout checkout, params string[] folders)
    {
        foreach (var folder in folders)
        {
            Assert.That(File.GetUnixFileMode(checkout[folder]) & Others, Is.EqualTo(UnixFileMode.None), folder);
            foreach (var path in Directory.EnumerateFileSystemEntries(checkout[folder], "*", SearchOption.AllDirectories))
            {
                Assert.That(File.GetUnixFileMode(path) & Others, Is.EqualTo(UnixFileMode.None), path);
            }
        }

        foreach (var file in Directory.GetFiles(checkout[".cfx"], "responses.db*"))
        {
            Assert.That(File.GetUnixFileMode(file) & Others, Is.EqualTo(UnixFileMode.None), file);
        }
    }

    [Test]
    public void Names_that_would_leave_their_folder_are_refused_or_made_harmless()
    {
        using var checkout = OneTime.Baseline.Clone();
        foreach (var arguments in new[] { new[] { "--target=Filter", "--name=../outside" }, ["--target=FineTune-Feedback", "--suffix=../../outside"], ["--target=Filter", "--name=.."] })
        {
            var run = checkout.Build(arguments);
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        }

        File.WriteAllText(checkout["study.json"], """{ "arms": [ { "name": "../outside", "method": "feedback" } ] }""");
        Assert.That(checkout.Build("--target=Filter").ExitCode, Is.EqualTo(2));
        File.WriteAllText(checkout["study.json"], OneTime.SmallStudy);
        var before = Directory.GetFiles(Path.GetDirectoryName(checkout.Root)!, "outside*", SearchOption.TopDirectoryOnly);

        // A model of that name does not exist; its file would have been made beside the others.
        var compared = checkout.Build("--target=Evaluate", "--model1=../../../outside", "--model2=base");

        Assert.That(compared.ExitCode, Is.EqualTo(1), compared.ToString());
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(checkout.Root)!, "outside*", SearchOption.TopDirectoryOnly), Is.EqualTo(before));
    }

    private static void MarkEveryMessage(string path)
    {
        var records = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        foreach (var message in records.SelectMany(r => r!["conversation_context"]!.AsArray()))
        {
            message!["content"] = $"{(string)message["content"]!} (ask {Mark} or CODE-7)";
        }

        foreach (var record in records)
        {
            record!["author"] = Mark;
        }

        File.WriteAllText(path, records.ToJsonString());
    }

    private static void AssertNowhere(Checkout checkout, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var files = Directory.EnumerateFiles(checkout.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(f => f != checkout["data/conversations.json"] && File.ReadAllBytes(f).AsSpan().IndexOf(bytes) >= 0);
        Assert.That(files.Select(f => Path.GetRelativePath(checkout.Root, f)), Is.Empty, text);
    }
}
