using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cfx.Core.Conversations;

namespace Cfx.Core.Tests.Conversations;

/// <summary>What data/README.md promises of the sample, measured.</summary>
public partial class SampleDataQualityTests
{
    private static readonly string Root = FindRoot();
    private List<JsonObject> _records = null!;

    [OneTimeSetUp]
    public void SetUp() => _records =
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "data", "conversations.json")))!.AsArray().Select(r => r!.AsObject())];

    [Test]
    public void There_are_at_least_400_conversations_of_every_category()
    {
        Assert.That(_records, Has.Count.GreaterThanOrEqualTo(400));
        foreach (var category in Enum.GetNames<FeedbackCategory>())
        {
            Assert.That(_records.Count(r => (string?)r["category"] == category), Is.GreaterThanOrEqualTo(40), category);
        }
    }

    [Test]
    public void At_least_40_subjects_are_each_met_in_several_conversations()
    {
        var subjects = _records.CountBy(r => (string)r["subject"]!).Where(s => s.Value >= 5).ToList();
        Assert.That(subjects, Has.Count.GreaterThanOrEqualTo(40));
    }

    [Test]
    public void They_have_one_to_five_exchanges()
    {
        var exchanges = _records.Select(r => Messages(r).Count(m => m.Role == Roles.Assistant)).ToHashSet();
        Assert.That(exchanges, Is.SupersetOf(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(exchanges.Max(), Is.LessThanOrEqualTo(5));
    }

    [Test]
    public void No_sentence_stands_in_more_than_three_conversations()
    {
        var conversations = new Dictionary<string, HashSet<string>>();
        foreach (var record in _records)
        {
            foreach (var sentence in Messages(record).SelectMany(m => SentenceEnd().Split(m.Content)).Select(TextNormaliser.Normalise).Where(s => s.Length > 3))
            {
                if (!conversations.TryGetValue(sentence, out var ids))
                {
                    conversations[sentence] = ids = [];
                }

                ids.Add(record["conversation_id"]!.ToString());
            }
        }

        Assert.That(conversations.Where(s => s.Value.Count > 3).Select(s => s.Key), Is.Empty);
    }

    [Test]
    public void Near_duplicates_are_rare()
    {
        // Apart from the awkward cases, some of which repeat each other on purpose.
        var texts = _records.Where(r => !r["conversation_id"]!.ToString().StartsWith("awkward", StringComparison.Ordinal))
            .Select(r => Shingles(string.Join(' ', Messages(r).Select(m => m.Content)))).ToList();
        var close = 0;
        var closest = 0.0;
        for (var i = 0; i < texts.Count; i++)
        {
            var nearest = texts.Where((_, j) => j != i).Max(other => Jaccard(texts[i], other));
            closest = Math.Max(closest, nearest);
            close += nearest > 0.2 ? 1 : 0;
        }

        TestContext.Out.WriteLine($"nearest pair: {closest:0.000} of word triples shared; {close} of {texts.Count} conversations share more than 0.2");
        Assert.That((double)close / texts.Count, Is.LessThan(0.01));
        Assert.That(closest, Is.LessThan(0.5));
    }

    [Test]
    public void The_sandbox_corpus_shares_no_prompt_with_it()
    {
        var asked = _records.SelectMany(Messages).Where(m => m.Role == Roles.User).Select(m => TextNormaliser.Normalise(m.Content)).ToHashSet();
        var corpus = Directory.GetFiles(Path.Combine(Root, "src", "Cfx.Sandbox", "Corpus"), "*.jsonl").SelectMany(File.ReadLines)
            .Select(l => TextNormaliser.Normalise((string)JsonNode.Parse(l)!["prompt"]!)).ToList();
        Assert.That(corpus, Has.Count.GreaterThan(500));
        Assert.That(corpus.Where(asked.Contains), Is.Empty);
    }

    private static HashSet<string> Shingles(string text)
    {
        var words = Word().Matches(TextNormaliser.Normalise(text)).Select(m => m.Value).ToList();
        return [.. words.Skip(2).Select((_, i) => string.Join(' ', words.Skip(i).Take(3)))];
    }

    private static double Jaccard(HashSet<string> a, HashSet<string> b)
    {
        var shared = a.Count(b.Contains);
        return shared == 0 ? 0 : (double)shared / (a.Count + b.Count - shared);
    }

    private static IEnumerable<Message> Messages(JsonObject record) => record["conversation_context"]!.AsArray()
        .Select(m => new Message((string?)m!["role"] ?? string.Empty, (string?)m["content"] ?? string.Empty));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cfx.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex(@"(?<=[.!?])\s+|\n")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
