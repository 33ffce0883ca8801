using Cfx.Core.Conversations;
using Cfx.TestData;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cfx.Core.Tests.Conversations;

[NonParallelizable]
public class ScaleTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Make_folder() => _folder = new TemporaryFolder();

    [TearDown]
    public void Delete_folder() => _folder.Dispose();

    [TestCase("a.json")]
    [TestCase("a.jsonl")]
    public async Task Reading_holds_no_more_memory_for_ten_times_the_conversations(string name)
    {
        var small = await LiveBytesAsync(2_000, "small" + name);
        var large = await LiveBytesAsync(20_000, "large" + name);
        // 18,000 further records are 15 MB of text; holding even their ids would show.
        Assert.That(large - small, Is.LessThan(400_000), $"small {small}, large {large}");
    }

    private async Task<long> LiveBytesAsync(int count, string name)
    {
        await new ConversationGenerator(new ConversationGeneratorOptions(count)).WriteAsync(_folder[name]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var read = 0;
        await foreach (var record in ConversationReader.ReadAsync(_folder[name], CancellationToken.None))
        {
            Assert.That(record.IsValid, Is.True);
            read++;
            if (read % (count / 4) == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.That(read, Is.EqualTo(count));
        return most;
    }

    [Test]
    public void A_larger_generated_file_begins_with_the_smaller_one()
    {
        var small = new ConversationGenerator(new ConversationGeneratorOptions(200, Seed: 5)).Records();
        var large = new ConversationGenerator(new ConversationGeneratorOptions(300, Seed: 5)).Records();
        Assert.That(large.Take(200), Is.EqualTo(small));
        Assert.That(new ConversationGenerator(new ConversationGeneratorOptions(200, Seed: 6)).Records(), Is.Not.EqualTo(small));
    }

    [Test]
    [Explicit("Writes some 1.5 GB and takes minutes")]
    public async Task A_million_conversations_are_filtered_and_split()
    {
        const int Count = 1_000_000;
        await new ConversationGenerator(new ConversationGeneratorOptions(Count)).WriteAsync(_folder["in.jsonl"]);
        var memory = new MemoryWatch();
        var stopwatch = System.Diagnostics.Stopwatch.StartNew();
        var filter = await new FilterStage(NullLogger.Instance, memory)
            .RunAsync(FilterOptions.ForFolder([_folder["in.jsonl"]], _folder.Root), CancellationToken.None);
        TestContext.Out.WriteLine($"filter: {stopwatch.Elapsed}, kept {filter.KeptTotal}");
        stopwatch.Restart();
        var split = await new SplitStage(NullLogger.Instance, memory)
            .RunAsync(SplitOptions.ForFolder(_folder.Root, 1, 0.2, 0.9), CancellationToken.None);
        TestContext.Out.WriteLine($"split: {stopwatch.Elapsed}; working set {Environment.WorkingSet >> 20} MB");
        Assert.That(filter.Read, Is.EqualTo(Count));
        Assert.That(split.Items.Values.Sum() + split.LeftOut, Is.EqualTo(filter.KeptTotal));
        // Hashes only: the records are 800 bytes long on average.
        Assert.That(memory.Most / Count, Is.LessThan(250));
    }

    /// <summary>Measures what is alive, now and then.</summary>
    private sealed class MemoryWatch : IProgressSink, IProgressScope
    {
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);

        public long Most { get; private set; }

        public IProgressScope Begin(string what, long? total) => this;

        public void Report(long done, string? detail = null)
        {
            if (done % 100_000 == 0)
            {
                Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true) - _before);
            }
        }

        public void Dispose() => TestContext.Out.WriteLine($"at most {Most >> 20} MB alive");
    }
}
