using System.Text;
using Cfx.Build.Options;

namespace Build.Tests.Options;

public sealed class StudyFileTests
{
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();

    [Test]
    public void A_file_with_comments_trailing_commas_and_a_byte_order_mark_is_read()
    {
        var content = Parse("""
            {
              // the study
              "name": "mine", "provider": "sandbox",
              "process": { "model": "a/b", "max-conversations": 10, },
              "finetune": { "learning-rate": 1e-4, "lora": false, "batch-size": "max" },
              "arms": [
                { "name": "feedback", "method": "feedback" },
                { "name": "long", "method": "positive_only", "epochs": 9, "model": "c/d" },
              ],
            }
            """, bom: true);

        Assert.That(content.Faults, Is.Empty);
        Assert.That(content.Values.Select(v => $"{v.Definition.QualifiedName}={v.Text} ({v.Place})"), Is.EqualTo(new[]
        {
            "study-name=mine (study.json line 3)", "study-provider=sandbox (study.json line 3)", "process-model=a/b (study.json line 4)",
            "process-max-conversations=10 (study.json line 4)", "finetune-learning-rate=1e-4 (study.json line 5)",
            "finetune-lora=false (study.json line 5)", "finetune-batch-size=max (study.json line 5)",
        }));
        Assert.That(content.Arms.Select(a => a.Name), Is.EqualTo(new[] { "feedback", "long" }));
        Assert.That(content.Arms[1].Settings["epochs"].Text, Is.EqualTo("9"));
    }

    [Test]
    public void Redaction_rules_are_read_by_name_and_as_the_users_own()
    {
        var content = Parse("""
            { "redact": [ "phone", "email", { "name": "ticket", "pattern": "TCK-[0-9]+" }, { "name": "b", "pattern": "b+", "replacement": "[A B]" } ] }
            """);

        Assert.That(content.Faults, Is.Empty);
        Assert.That(content.Redact.Select(r => $"{r.Name} {r.Replacement}"), Is.EqualTo(new[] { "phone [PHONE]", "email [EMAIL]", "ticket [TICKET]", "b [A B]" }));
    }

    [Test]
    public void Every_fault_of_a_redaction_rule_is_told_with_its_line()
    {
        var content = Parse("""
            { "redact": [
              "emial",
              3,
              { "name": "x" },
              { "name": "email", "pattern": "a" },
              { "name": "y", "pattern": "(?=a)" },
              { "name": "z", "pattern": "a", "replacement": "a", "extra": 1 },
              { "name": "z", "pattern": "a", "replacement": "a" },
              "card",
              "card"
            ] }
            """);

        Assert.That(content.Faults, Is.EqualTo(new[]
        {
            "study.json:2: 'redact[0]' is 'emial', not one of key, email, card, phone; did you mean email?",
            "study.json:3: 'redact[1]' must be the name of a rule or an object: { \"name\": …, \"pattern\": … }.",
            "study.json:4: 'redact[2]' has no 'pattern'.",
            "study.json:5: 'redact[3].name' is 'email', which is a built-in rule's.",
            "study.json:6: 'redact[4]': the pattern '(?=a)' uses what cannot be matched in bounded time (a lookaround, backreference or atomic group, or too large a repetition).",
            "study.json:7: unknown key 'redact[5].extra'; known are name, pattern, replacement.",
            "study.json:8: 'redact[6]': the replacement 'a' must be 1 to 40 letters, digits, spaces, '-' and '_' in square brackets, such as [Z].",
            "study.json:10: 'redact[8]' is 'card', which another rule is called already.",
        }));
        Assert.That(Parse("""{ "redact": "email" }""").Faults, Has.Count.EqualTo(1).And.One.Contains("must be a list"));
    }

    [Test]
    public void Every_fault_is_told_with_its_line()
    {
        var content = Parse("""
            {
              "nam": "x",
              "force": true,
              "process": { "modle": "a", "delay": "fast", "max-conversations": 0 },
              "evaluate": 3,
              "finetune": { "epochs": null, "full": "yes" },
              "arms": [
                { "name": "base", "method": "feedback" },
                { "name": "a", "method": "magic" },
                { "method": "feedback" }
              ]
            }
            """);

        Assert.That(content.Faults, Is.EqualTo(new[]
        {
            "study.json:2: unknown key 'nam'; did you mean name?",
            "study.json:3: 'force' is a matter of one run: give it on the command line, --force.",
            "study.json:4: unknown key 'process.modle'; did you mean model?",
            "study.json:4: 'process.delay' must be a number from 0 to 3600, not a text in quotes.",
            "study.json:4: 'process.max-conversations': 0 is out of range: a whole number, at least 1.",
            "study.json:5: 'evaluate' must be an object of this section's options: { … }.",
            "study.json:6: 'finetune.epochs' is null: leave the key out for the default.",
            "study.json:6: 'finetune.full' must be true or false, not a text in quotes.",
            "study.json:8: 'arms[0].name' is 'base', which is the untuned model's: it is always in the study and needs no entry.",
            "study.json:9: 'arms[0].method' is 'magic', not one of feedback, alternative, positive_only.",
            "study.json:10: 'arms[0]' has no 'name'.",
        }));
    }

    [TestCase("{\n \"name\": \"x\"\n", "study.json:")]
    [TestCase("{\n \"name\": x }", "study.json:2: not JSON: ")]
    [TestCase("[]", "study.json:1: the file must be one object: { … }.")]
    [TestCase("", "study.json:1: not JSON: ")]
    [TestCase("{ \"name\": \"a\", \"name\": \"b\" }", "study.json:1: 'name' stands there twice.")]
    public void A_file_that_is_not_a_study_gives_one_clear_line(string text, string expected)
    {
        var content = Parse(text);

        Assert.That(content.Faults, Has.Count.EqualTo(1));
        Assert.That(content.Faults[0], Does.StartWith(expected));
    }

    [Test]
    public void Without_arms_the_study_has_the_two_default_ones() =>
        Assert.That(Parse("{}").Arms.Select(a => $"{a.Name}:{a.Method}"), Is.EqualTo(new[] { "feedback:feedback", "alternative:alternative" }));

    [Test]
    public void A_sweep_makes_an_arm_of_each_combination_with_a_name_that_says_which()
    {
        var content = Parse("""
            { "arms": [
              { "name": "feedback", "method": "feedback", "batch-size": 4,
                "sweep": { "epochs": [1, 3], "learning-rate": [1e-4, 0.001], "model": ["a/b-8B"] } },
              { "name": "alternative", "method": "alternative" } ] }
            """);

        Assert.That(content.Faults, Is.Empty);
        Assert.That(content.Arms.Select(a => a.Name), Is.EqualTo(new[]
        {
            "feedback-epochs1-lr1e-4-b-8B", "feedback-epochs1-lr0.001-b-8B", "feedback-epochs3-lr1e-4-b-8B", "feedback-epochs3-lr0.001-b-8B", "alternative",
        }));
        Assert.That(content.Arms[1].Settings.Select(s => $"{s.Key}={s.Value.Text}"), Is.EquivalentTo(new[] { "batch-size=4", "epochs=1", "learning-rate=0.001", "model=a/b-8B" }));
        Assert.That(content.Arms[1].Settings["epochs"].Place, Is.EqualTo("study.json line 3"));
        Assert.That(content.Arms[1].IsVaried, Is.True);
        Assert.That(content.Arms[^1].IsVaried, Is.False);
    }

    [Test]
    public void Every_fault_of_a_sweep_is_told_with_its_line()
    {
        var content = Parse("""
            { "arms": [
              { "name": "a", "method": "feedback", "sweep": { "epochs": [1, 99],
                  "learning-rate": [0.1, 1e-1],
                  "epoch": [1],
                  "lora-rank": 8,
                  "batch-size": [],
                  "seed": [1, 2] } },
              { "name": "b", "method": "feedback", "epochs": 2, "sweep": { "epochs": [1] } },
              { "name": "c", "method": "feedback", "sweep": 3 },
              { "name": "d", "method": "feedback", "sweep": { "epochs": [1,2,3,4,5,6,7], "lora-rank": [1,2,3,4,5,6,7] } }
            ] }
            """);

        Assert.That(content.Faults, Is.EqualTo(new[]
        {
            "study.json:2: 'arms[0].sweep.epochs[1]': 99 is out of range: a whole number from 1 to 20.",
            "study.json:3: 'arms[0].sweep.learning-rate' lists 0.1 twice.",
            "study.json:4: 'arms[0].sweep.epoch' cannot be swept; did you mean epochs?",
            "study.json:5: 'arms[0].sweep.lora-rank' must be a list of values, such as [1, 3].",
            "study.json:6: 'arms[0].sweep.batch-size' is empty: list at least one value.",
            "study.json:7: 'arms[0].sweep.seed' cannot be swept; what can is epochs, learning-rate, lora-rank, batch-size, dpo-beta, model.",
            "study.json:8: 'arms[1]' sweeps epochs and sets it too; leave one of them out.",
            "study.json:9: 'arms[2].sweep' must be an object of lists: { \"epochs\": [1, 3] }.",
            "study.json:10: 'arms[3]' brings the study to 52 trained arms; at most 48 are possible, since each is a job that costs money. Sweep over less.",
        }));
    }

    private static StudyFileContent Parse(string json, bool bom = false) =>
        StudyFile.Parse([.. bom ? Encoding.UTF8.Preamble : default, .. Encoding.UTF8.GetBytes(json)], "study.json", Catalog);
}
