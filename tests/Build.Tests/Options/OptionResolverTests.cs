using Build.Tests.Demo;
using Cake.Frosting.Internal;
using Cfx.Build.Host;
using Cfx.Build.Options;
using FsCheck;
using FsCheck.Fluent;

namespace Build.Tests.Options;

public sealed class OptionResolverTests
{
    private static readonly OptionCatalog Catalog = StudyOptions.CreateCatalog();

    [TestCase("FineTune", "-lr 1e-5", "finetune-learning-rate=1e-5")]
    [TestCase("FineTune", "-lr=1e-5", "finetune-learning-rate=1e-5")]
    [TestCase("FineTune", "--learning-rate 0.5", "finetune-learning-rate=0.5")]
    [TestCase("FineTune", "--full", "finetune-full=true")]
    [TestCase("FineTune", "--lora false --no-monitor -b max", "finetune-lora=false finetune-no-monitor=true finetune-batch-size=max")]
    [TestCase("FineTune", "-m base/model -e 4 -s mine -b=16", "finetune-model=base/model finetune-epochs=4 finetune-suffix=mine finetune-batch-size=16")]
    [TestCase("FineTune", "--max-conversations 5", "finetune-max-conversations=5")]
    [TestCase("FineTune", "-n 5", "process-max-conversations=5")]
    [TestCase("Evaluate", "-m1 a/b -m2 acct/base:suffix:job -j judge", "evaluate-model1=a/b evaluate-model2=acct/base:suffix:job evaluate-judge=judge")]
    [TestCase("Evaluate", "-n 5 -d 0 -o out.json -c in.json", "evaluate-test-size=5 evaluate-delay=0 evaluate-output=out.json evaluate-conversations=in.json")]
    [TestCase("Process", "-i in.json -o out.json -n 10 -d 0.5 -m x", "process-input=in.json process-output=out.json process-max-conversations=10 process-delay=0.5 process-model=x")]
    [TestCase("Process", "--method=feedback", "process-method=feedback")]
    [TestCase("Process-Feedback", "-n 3", "process-max-conversations=3")]
    [TestCase("Filter", "-i in.json", "study-input=in.json")]
    [TestCase("Study", "-n 7", "process-max-conversations=7")]
    [TestCase("Study", "--max-conversations=7 --input=x", "process-max-conversations=7 study-input=x")]
    [TestCase("Study", "-j x -lr 0 -e 2", "evaluate-judge=x finetune-learning-rate=0 finetune-epochs=2")]
    [TestCase("Study", "--finetune-model=x --process-model y", "finetune-model=x process-model=y")]
    [TestCase("Study", "--mode=batch", "study-mode=batch")]
    [TestCase("Evaluate", "--mode=batch", "study-mode=batch")]
    [TestCase("Evaluate", "--mode=feedback -c x.json", "evaluate-mode=feedback evaluate-conversations=x.json")]
    [TestCase("Process", "--force --name=mine", "study-force=true study-name=mine")]
    [TestCase("Process", "-d 0.5 --delay=0.5", "process-delay=0.5")]
    public void A_name_means_the_option_of_the_requested_target(string target, string line, string expected)
    {
        var (values, faults) = Resolve(target, line);

        Assert.That(faults, Is.Empty);
        Assert.That(values, Is.EqualTo(expected.Split(' ')));
    }

    [TestCase("Study", "-m x", "-m can mean several things for Study: say --process-model, --finetune-model.")]
    [TestCase("Study", "--model=x", "--model can mean several things for Study: say --process-model, --finetune-model.")]
    [TestCase("Study", "-d 1", "-d can mean several things for Study: say --process-delay, --evaluate-delay.")]
    [TestCase("Process", "--seed=4", "--seed can mean several things for Process: say --study-seed, --split-seed.")]
    [TestCase("Process", "-n -5", "-n: -5 is out of range: a whole number, at least 1.")]
    [TestCase("FineTune", "-e 2.5", "-e: '2.5' is not a whole number from 1 to 20.")]
    [TestCase("FineTune", "-lr fast", "-lr: 'fast' is not a number from 0 to 1.")]
    [TestCase("FineTune", "-lr", "-lr: needs a value: a number from 0 to 1.")]
    [TestCase("FineTune", "-b many", "-b: 'many' is not a whole number from 1 to 1024, or max.")]
    [TestCase("FineTune", "--full=maybe", "--full: 'maybe' is neither true nor false.")]
    [TestCase("FineTune", "-lr 1 -lr 0.1", "-lr: given twice, as '1' and as '0.1'.")]
    [TestCase("Process", "--method=feedbak", "--method: 'feedbak' is not one of feedback, alternative, positive_only; did you mean feedback?")]
    [TestCase("Study", "--mode=btch", "--mode: 'btch' is not one of direct, batch, auto; did you mean batch?")]
    [TestCase("Process", "--judge=x", "--judge is not an option of Process; it belongs to Evaluate.")]
    [TestCase("FineTune", "--epoch=3", "Unknown option --epoch; did you mean --epochs?")]
    [TestCase("FineTune", "-LR 3", "Unknown option -LR; did you mean -lr?")]
    [TestCase("FineTune", "--suffix a/b", "--suffix: 'a/b' is not a name: use letters, digits, '.', '-' and '_', at most 64, beginning with a letter or digit.")]
    public void What_cannot_be_meant_is_refused_in_one_line(string target, string line, string expected)
    {
        var (_, faults) = Resolve(target, line);

        Assert.That(faults, Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void All_faults_are_told_at_once()
    {
        var (_, faults) = Resolve("FineTune", "-e 0 -lr 7 --bogus-thing 1 -s _");

        Assert.That(faults, Has.Count.EqualTo(4));
    }

    [Test]
    public void Every_qualified_name_is_taken_on_every_target()
    {
        foreach (var option in Catalog.All)
        {
            var token = new OptionToken($"--{option.QualifiedName}", Sample(option));
            var faults = new List<string>();
            var values = new OptionResolver(Catalog, []).Resolve([token], Scope("Filter"), faults);

            Assert.That(faults, Is.Empty, option.QualifiedName);
            Assert.That(values.Single().Definition, Is.EqualTo(option));
        }
    }

    [Test]
    public void The_distance_of_two_words_is_symmetric_and_zero_only_for_the_same_word() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>>(),
            ArbMap.Default.ArbFor<NonNull<string>>(),
            (a, b) =>
            {
                var there = NearestName.Distance(a.Get, b.Get);
                return there == NearestName.Distance(b.Get, a.Get)
                    && (there == 0) == string.Equals(a.Get, b.Get, StringComparison.Ordinal)
                    && there <= Math.Max(a.Get.Length, b.Get.Length)
                    && there >= Math.Abs(a.Get.Length - b.Get.Length);
            }).QuickCheckThrowOnFailure();

    private static string? Sample(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Flag => null,
        OptionKind.Choice => option.Choices[0],
        OptionKind.WholeNumber or OptionKind.Number => option.Default is { } d && !option.Words.Contains(d, StringComparer.Ordinal) ? d
            : option.Maximum < 1 ? option.Maximum.ToString(System.Globalization.CultureInfo.InvariantCulture) : "1",
        OptionKind.Address => "http://localhost:1",
        _ => "x",
    };

    private static OptionScope Scope(string target) =>
        new TaskGraph(TaskCatalog.Of(DemoTypes.All, typeof(DemoContext))).ScopeOf([target]);

    private static (List<string> Values, List<string> Faults) Resolve(string target, string line)
    {
        var parsed = HostCommandLine.Parse([$"--target={target}", .. line.Split(' ')], Catalog);
        var faults = parsed.Faults.ToList();
        var values = new OptionResolver(Catalog, [.. HostCommandLine.HostOptions.Select(o => o.Name)]).Resolve(parsed.Tokens, Scope(target), faults);
        return ([.. values.Select(v => $"{v.Definition.QualifiedName}={v.Text}")], faults);
    }
}
