using System.Globalization;
using System.Text.Json.Nodes;
using Cfx.Core.Conversations;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using static Cfx.Core.Tests.Conversations.FeedbackItemLocatorTests;

namespace Cfx.Core.Tests.Conversations;

public class SplitStageTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make_folder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete_folder() => _folder.Dispose();

    /// <summary>An item that says only what the split looks at.</summary>
    private sealed record Item(int Number, int Conversation, int Context);

    private static Gen<Item[]> Items(int most) =>
        from count in Gen.Choose(1, most)
        from pairs in Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 12), Gen.Choose(0, 12)), count)
        select pairs.Select((pair, number) => new Item(number, pair.Item1, pair.Item2)).ToArray();

    private void Write(IEnumerable<Item> items) => _folder.Write("filtered.jsonl", string.Concat(items.Select(item =>
    {
        var record = Record($"c{item.Conversation}", "UR2", $"u question {item.Context}", $"a answer {item.Number}", "u no");
        record["item_id"] = $"i{item.Number}";
        return record.ToJsonString() + "\n";
    })));

    private SplitSummary Run(double testShare = 0.4, double trainSplit = 0.6, long seed = 7, bool redraw = false) =>
        new SplitStage(NullLogger.Instance, new RecordingProgress())
            .RunAsync(SplitOptions.ForFolder(_folder.Root, seed, testShare, trainSplit, redraw), CancellationToken.None).GetAwaiter().GetResult();

    private SplitSummary Run(IEnumerable<Item> items)
    {
        Write(items);
        return Run();
    }

    private void Forget()
    {
        File.Delete(_folder["split.jsonl"]);
        File.Delete(_folder["split.json"]);
    }

    private Dictionary<string, string> Sides(string key = "item_id")
    {
        var sides = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in _folder.Lines("split.jsonl").Where(line => !line.ContainsKey("absent")))
        {
            var side = line["side"]!.GetValue<string>();
            var name = line[key]!.GetValue<string>();
            if (!sides.TryAdd(name, side) && !string.Equals(sides[name], side, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{name} is on two sides");
            }
        }

        return sides;
    }

    private void CheckDisjoint()
    {
        _ = Sides("conversation_id");
        _ = Sides("context_hash");
        _ = Sides("group");
    }

    private static bool Includes(Dictionary<string, string> later, Dictionary<string, string> earlier) =>
        earlier.All(pair => later.TryGetValue(pair.Key, out var side) && string.Equals(side, pair.Value, StringComparison.Ordinal));

    [Test]
    public void Sides_do_not_depend_on_the_order_of_records()
    {
        var gen = from items in Items(20)
                  from shuffled in Gen.Shuffle(items)
                  select (items, shuffled);
        Prop.ForAll(gen.ToArbitrary(), pair =>
        {
            Forget();
            var hash = Run(pair.items).Hash;
            var sides = Sides();
            Forget();
            return string.Equals(Run(pair.shuffled).Hash, hash, StringComparison.Ordinal)
                && Includes(Sides(), sides) && sides.Count == pair.items.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Added_records_move_none_and_no_conversation_or_context_is_on_two_sides()
    {
        var gen = from items in Items(24)
                  from first in Gen.Choose(1, items.Length)
                  from shuffled in Gen.Shuffle(items)
                  select (items, first, shuffled);
        Prop.ForAll(gen.ToArbitrary(), given =>
        {
            Forget();
            Run(given.items.Take(given.first));
            CheckDisjoint();
            var before = Sides();
            var summary = Run(given.shuffled);
            CheckDisjoint();
            return Includes(Sides(), before)
                && summary.LeftOut + Sides().Count == given.items.Length
                && summary.LeftOut == _folder.Lines("split.left_out.jsonl").Length;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Whatever_is_edited_removed_and_brought_back_no_conversation_ever_changes_sides()
    {
        var gen = Gen.ArrayOf(Items(10), 6);
        Prop.ForAll(gen.ToArbitrary(), versions =>
        {
            Forget();
            var known = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var version in versions)
            {
                Run(version);
                CheckDisjoint();
                foreach (var (conversation, side) in Sides("conversation_id"))
                {
                    known.TryAdd(conversation, side);
                    if (!string.Equals(known[conversation], side, StringComparison.Ordinal))
                    {
                        return false;
                    }
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Editing_one_conversation_moves_nothing_else()
    {
        var gen = from items in Items(20)
                  from edited in Gen.Choose(0, items.Length - 1)
                  from context in Gen.Choose(0, 30)
                  select (items, edited, context);
        Prop.ForAll(gen.ToArbitrary(), given =>
        {
            Forget();
            Run(given.items);
            var before = Sides();
            var items = given.items.ToArray();
            items[given.edited] = items[given.edited] with { Context = given.context };
            var summary = Run(items);
            CheckDisjoint();
            if (summary.LeftOut > 0)
            {
                before.Remove($"i{given.edited}");
            }

            return summary.LeftOut <= 1 && Includes(Sides(), before);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_repeated_run_gives_the_same_bytes()
    {
        Run([new(0, 0, 0), new(1, 1, 0), new(2, 2, 2)]);
        Run([new(0, 0, 0), new(2, 2, 2), new(3, 3, 3)]);
        var before = Directory.GetFiles(_folder.Root).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        var summary = Run();
        Assert.That(Directory.GetFiles(_folder.Root).Order(StringComparer.Ordinal).Select(File.ReadAllText), Is.EqualTo(before));
        Assert.That(summary.Added, Is.Zero);
        Assert.That(summary.Absent, Is.EqualTo(1));
    }

    [Test]
    public void A_record_that_would_join_two_sides_is_left_out_and_reported()
    {
        Run(Enumerable.Range(0, 30).Select(n => new Item(n, n, n)));
        var sides = Sides();
        var train = Enumerable.Range(0, 30).First(n => sides[$"i{n}"] is "train");
        var test = Enumerable.Range(0, 30).First(n => sides[$"i{n}"] is "test");
        var summary = Run(Enumerable.Range(0, 30).Select(n => new Item(n, n, n)).Append(new Item(30, train, test)));
        Assert.That(summary.LeftOut, Is.EqualTo(1));
        var line = _folder.Lines("split.left_out.jsonl").Single();
        Assert.That(line["item_id"]!.GetValue<string>(), Is.EqualTo("i30"));
        Assert.That(line["reason"]!.GetValue<string>(), Does.Contain("train side").And.Contain("test side"));
        Assert.That(Sides(), Is.EqualTo(sides));
    }

    [Test]
    public void Contexts_that_differ_in_case_and_space_only_are_one_group()
    {
        var first = Record("a", "UR2", "u What is  it?", "a b", "u no");
        var second = Record("b", "UR5", "u what IS it?", "a c", "u thanks");
        _folder.Write("filtered.jsonl", first.ToJsonString() + "\n" + second.ToJsonString());
        Run();
        var lines = _folder.Lines("split.jsonl");
        Assert.That(lines[0]["context_hash"]!.GetValue<string>(), Is.EqualTo(lines[1]["context_hash"]!.GetValue<string>()));
        Assert.That(lines[0]["group"]!.GetValue<string>(), Is.EqualTo(lines[1]["group"]!.GetValue<string>()));
        Assert.That(((JsonObject)lines[0]).Select(pair => pair.Key), Is.EqualTo((string[])["item_id", "conversation_id", "context_hash", "group", "side"]));
    }

    [Test]
    public void The_shares_are_met_and_another_seed_draws_otherwise()
    {
        var items = Enumerable.Range(0, 4000).Select(n => new Item(n, n, n)).ToArray();
        Write(items);
        var summary = Run(0.25, 0.8);
        // Four standard deviations of a binomial count.
        Assert.That(summary.Items[SplitSide.Test], Is.EqualTo(1000).Within(110));
        Assert.That(summary.Items[SplitSide.Train], Is.EqualTo(2400).Within(124));
        Assert.That(summary.Items[SplitSide.Validation], Is.EqualTo(600).Within(90));
        Assert.That(summary.Groups[SplitSide.Test], Is.EqualTo(summary.Items[SplitSide.Test]));
        var hash = summary.Hash;
        Assert.That(Run(0.25, 0.8, seed: 8, redraw: true).Hash, Is.Not.EqualTo(hash));
        Assert.That(Run(0.25, 0.8, seed: 7, redraw: true).Hash, Is.EqualTo(hash));
    }

    [TestCase("seed 7 → 8", 0.4, 0.6, 8)]
    [TestCase("test_share 0.4 → 0.5", 0.5, 0.6, 7)]
    [TestCase("train_split 0.6 → 0.9", 0.4, 0.9, 7)]
    public void Other_parameters_are_refused_once_the_split_is_frozen_unless_it_is_drawn_anew(string change, double testShare, double trainSplit, long seed)
    {
        Run([new(0, 0, 0), new(1, 1, 1)]);
        Assert.That(
            () => Run(testShare, trainSplit, seed),
            Throws.TypeOf<StageFailedException>().With.Message.Contains(change).And.Message.Contains("frozen"));
        Run(testShare, trainSplit, seed, redraw: true);
        Assert.That(_folder.Json("split.json")["seed"]!.GetValue<long>(), Is.EqualTo(seed));
    }

    [Test]
    public void Assignments_that_contradict_or_lost_their_parameters_are_refused()
    {
        Run([new(0, 0, 0), new(1, 0, 1)]);
        var text = File.ReadAllText(_folder["split.jsonl"]);
        var side = Sides()["i1"];
        var lines = text.Split('\n');
        lines[1] = lines[1].Replace($"\"{side}\"", side is "test" ? "\"train\"" : "\"test\"", StringComparison.Ordinal);
        _folder.Write("split.jsonl", string.Join('\n', lines));
        Assert.That(() => Run(), Throws.TypeOf<StageFailedException>().With.Message.Contains("'i1'"));
        _folder.Write("split.jsonl", "{\"item_id\":\"i0\"}");
        Assert.That(() => Run(), Throws.TypeOf<StageFailedException>().With.Message.Contains("line 1"));
        File.Delete(_folder["split.json"]);
        Assert.That(() => Run(), Throws.TypeOf<StageFailedException>().With.Message.Contains("split.json"));
    }

    [TestCase(1.0, 0.9)]
    [TestCase(-0.1, 0.9)]
    [TestCase(double.NaN, 0.9)]
    [TestCase(0.2, 0)]
    [TestCase(0.2, 1.1)]
    public void A_share_out_of_range_is_refused(double testShare, double trainSplit)
    {
        Write([new(0, 0, 0)]);
        Assert.That(() => Run(testShare, trainSplit), Throws.TypeOf<MisuseException>());
    }

    [Test]
    public async Task Readers_give_back_the_items_of_a_side_in_file_order()
    {
        var items = Enumerable.Range(0, 40).Select(n => new Item(n, n, n)).ToArray();
        var summary = Run(items);
        Run(items.Skip(1));
        var split = await SplitReader.LoadAsync(_folder["split.jsonl"], CancellationToken.None);
        Assert.That(split.Count, Is.EqualTo(39));
        Assert.That(split.SideOf("i0"), Is.Null);
        var sides = Sides();
        var read = new List<string>();
        await foreach (var item in FilteredItems.ReadAsync(_folder["filtered.jsonl"], split, [SplitSide.Train, SplitSide.Validation], CancellationToken.None))
        {
            read.Add(item.ItemId);
        }

        var expected = Enumerable.Range(1, 39).Select(n => string.Create(CultureInfo.InvariantCulture, $"i{n}")).Where(id => sides[id] is not "test");
        Assert.That(read, Is.EqualTo(expected).And.Not.Empty);
        Assert.That(split.CountOf(SplitSide.Test), Is.EqualTo(39 - read.Count).And.GreaterThan(0));
        Assert.That(summary.Items.Values.Sum(), Is.EqualTo(40));
    }

    [Test]
    public void An_item_that_cannot_be_used_stops_the_reading_with_its_place()
    {
        _folder.Write("filtered.jsonl", "{\"conversation_id\":\"a\"}");
        Assert.That(() => Run(), Throws.TypeOf<MisuseException>().With.Message.Contains("line 1, category").And.Message.Contains("Filter"));
    }

    [Test]
    public void A_redraw_that_breaks_off_between_its_files_never_passes_off_the_old_sides_as_the_new_ones()
    {
        Write(Enumerable.Range(0, 60).Select(i => new Item(i, i, i)));
        Run(seed: 8);
        var expected = Sides();
        Forget();
        Run(seed: 7);
        File.Delete(_folder["split.left_out.jsonl"]);
        Directory.CreateDirectory(_folder["split.left_out.jsonl"]);
        Assert.That(() => Run(seed: 8, redraw: true), Throws.Exception);
        Directory.Delete(_folder["split.left_out.jsonl"]);

        Run(seed: 8);
        Assert.That(Sides(), Is.EqualTo(expected));
    }
}
