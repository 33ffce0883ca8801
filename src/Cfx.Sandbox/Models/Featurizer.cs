using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>
/// Turns text into TF-IDF weighted, hashed words and word pairs. How rare a word is comes from the corpus; a word never seen there
/// counts as rarest.
/// </summary>
internal sealed class Featurizer
{
    /// <summary>Buckets that features are hashed into; at 8,192 accidental meetings of words in a bucket outshone real ones.</summary>
    public const int Buckets = 32_768;

    private const int CountSlots = 65_536;
    private const int MaximumMessages = 12;
    private const double PairWeight = 0.3;
    private const double LeastRarity = 0.05;

    // English words that join others. Every other language's are found by being frequent, if the corpus has them.
    private static readonly HashSet<ulong> Joining = [.. """
        a about after all am an and any are as at be because been before but by can could did do does doing for from get give had has
        have he help her here him his how i if in into is it its just let like may me might more most my need no not of on one or our
        out over please she should so some than that the their them then there these they thing this those to too up us very was we
        what when where which while who why will with would you your im ive dont whats id isnt tell know want make best good way
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SelectMany(word => TextTokenizer.Words(word)).Select(WordFeature)];

    private readonly ushort[] _documentCounts;

    private Featurizer(ushort[] documentCounts, int documents)
    {
        _documentCounts = documentCounts;
        Documents = documents;
    }

    /// <summary>How many texts the rarities were counted on.</summary>
    public int Documents { get; }

    /// <summary>Counts in how many of <paramref name="texts"/> each feature stands.</summary>
    public static Featurizer Fit(IEnumerable<string> texts)
    {
        var counts = new ushort[CountSlots];
        var documents = 0;
        foreach (var text in texts)
        {
            documents++;
            foreach (var slot in Count(text).Keys.Select(Slot).Distinct())
            {
                counts[slot] = (ushort)Math.Min(ushort.MaxValue, counts[slot] + 1);
            }
        }

        return new Featurizer(counts, documents);
    }

    /// <summary>One text's unit vector.</summary>
    public SparseVector Text(string text)
    {
        var sums = new Dictionary<int, double>();
        foreach (var (feature, count) in Count(text))
        {
            var bucket = (int)(feature & (Buckets - 1));
            // A signed hash lets features that share a bucket cancel out on average instead of adding up.
            var sign = ((feature >> 20) & 1) == 0 ? 1.0 : -1.0;
            var pair = ((feature >> 63) & 1) == 0 ? 1.0 : PairWeight;
            sums[bucket] = sums.GetValueOrDefault(bucket) + (sign * pair * (1 + Math.Log(count)) * Rarity(feature));
        }

        return SparseVector.FromSums(sums);
    }

    /// <summary>
    /// The vector of what an answer must answer: the last user message counts most, earlier turns less the older they are,
    /// assistant and system turns least.
    /// </summary>
    public SparseVector Context(IReadOnlyList<Message> messages)
    {
        var sums = new Dictionary<int, double>();
        var lastUser = LastUser(messages);
        var first = Math.Max(0, messages.Count - MaximumMessages);
        for (var i = messages.Count - 1; i >= first; i--)
        {
            var weight = i == lastUser ? 1.0 : messages[i].Role switch
            {
                Roles.User => 0.6,
                Roles.Assistant => 0.3,
                _ => 0.1,
            } * Math.Pow(0.8, Math.Abs(lastUser - i));
            Text(messages[i].Content).AddTo(sums, weight);
        }

        return SparseVector.FromSums(sums);
    }

    /// <summary>Where the last user message stands; −1 when there is none.</summary>
    public static int LastUser(IReadOnlyList<Message> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (string.Equals(messages[i].Role, Roles.User, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The inverse document frequency of one word as the tokenizer gives it, 0 for words in nearly every text.</summary>
    public double WordRarity(string word) => Rarity(WordFeature(word));

    /// <summary>The rarity of a word that the corpus does not have.</summary>
    public double UnknownRarity => Math.Log((Documents + 1) / 0.5);

    /// <summary>Whether the corpus has this word, or one that shares its slot.</summary>
    public bool Knows(string word) => _documentCounts[Slot(WordFeature(word))] > 0;

    public void Save(BinaryWriter writer)
    {
        writer.Write(Documents);
        writer.Write(_documentCounts.Count(count => count > 0));
        for (var slot = 0; slot < CountSlots; slot++)
        {
            if (_documentCounts[slot] > 0)
            {
                writer.Write((ushort)slot);
                writer.Write(_documentCounts[slot]);
            }
        }
    }

    public static Featurizer Load(BinaryReader reader)
    {
        var documents = reader.ReadInt32();
        var counts = new ushort[CountSlots];
        for (var entries = reader.ReadInt32(); entries > 0; entries--)
        {
            counts[reader.ReadUInt16()] = reader.ReadUInt16();
        }

        return new Featurizer(counts, documents);
    }

    private double Rarity(ulong feature) =>
        Joining.Contains(feature) ? LeastRarity : Math.Max(LeastRarity, Math.Log((Documents + 1) / (_documentCounts[Slot(feature)] + 0.5)));

    private static int Slot(ulong feature) => (int)((feature >> 24) & (CountSlots - 1));

    private static ulong WordFeature(string word) => SplitMix64.Hash(word) & ~(1UL << 63);

    private static Dictionary<ulong, int> Count(string text)
    {
        var counts = new Dictionary<ulong, int>();
        var previous = 0UL;
        foreach (var word in TextTokenizer.Words(text))
        {
            var feature = WordFeature(word);
            counts[feature] = counts.GetValueOrDefault(feature) + 1;
            if (Joining.Contains(feature))
            {
                // Pairs reach over joining words: "proof in the fridge" and "proof fridge" share one.
                continue;
            }

            if (previous != 0)
            {
                var pair = SplitMix64.Combine(previous, feature) | (1UL << 63);
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }

            previous = feature;
        }

        return counts;
    }
}
