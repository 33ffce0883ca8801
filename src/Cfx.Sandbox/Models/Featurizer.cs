using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>
/// Turns text into TF-IDF weighted, hashed words, word pairs and parts of words, and its place among the corpus's topics. How rare a
/// word is comes from the corpus; a word never seen there counts as rarest.
/// </summary>
internal sealed class Featurizer
{
    /// <summary>Buckets that features are hashed into; at 8,192 accidental meetings of words in a bucket outshone real ones.</summary>
    public const int WordBuckets = 32_768 - TopicSpace.Maximum;

    /// <summary>All features: hashed ones, then topics.</summary>
    public const int Buckets = WordBuckets + TopicSpace.Maximum;

    private const int CountSlots = 262_144;
    private const int MaximumMessages = 12;
    private const double PairWeight = 0.3;
    private const double PieceWeight = 0.3;
    private const double TopicWeight = 0.7;

    // Longer parts of words than the usual 3 to 5 letters: on texts this short, three letters meet by accident more than by kinship.
    private const int PieceLength = 5;
    private const double EarlierUserWeight = 0.8;
    private const double AssistantWeight = 0.4;
    private const double SystemWeight = 0.1;
    private const double AgeDecay = 0.8;
    private const double LeastRarity = 0.05;

    // English words that join others. Every other language's are found by being frequent, if the corpus has them.
    private static readonly HashSet<ulong> Joining = [.. """
        a about after all am an and any are as at be because been before but by can could did do does doing for from get give had has
        have he help her here him his how i if in into is it its just let like may me might more most my need no not of on one or our
        out over please she should so some than that the their them then there these they thing this those to too up us very was we
        what when where which while who why will with would you your im ive dont whats id isnt tell know want make best good way
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SelectMany(word => TextTokenizer.Words(word)).Select(WordFeature)];

    private readonly ushort[] _documentCounts;
    private readonly TopicSpace _topics;

    private Featurizer(ushort[] documentCounts, int documents, TopicSpace? topics)
    {
        _documentCounts = documentCounts;
        Documents = documents;
        _topics = topics ?? TopicSpace.Fit([]);
    }

    /// <summary>How many texts the rarities were counted on.</summary>
    public int Documents { get; }

    /// <summary>Counts in how many of <paramref name="texts"/> each feature stands, and learns to tell their subjects apart.</summary>
    public static Featurizer Fit(IReadOnlyList<(string Subject, string Text)> texts)
    {
        var counts = new ushort[CountSlots];
        foreach (var (_, text) in texts)
        {
            foreach (var slot in Count(text).Keys.Select(Slot).Distinct())
            {
                counts[slot] = (ushort)Math.Min(ushort.MaxValue, counts[slot] + 1);
            }
        }

        var plain = new Featurizer(counts, texts.Count, topics: null);
        var subjects = texts.Select(text => text.Subject).Distinct(StringComparer.Ordinal).ToList();
        return new Featurizer(
            counts, texts.Count, TopicSpace.Fit([.. texts.Select(text => (subjects.IndexOf(text.Subject), plain.Words(text.Text)))]));
    }

    /// <summary>One text's unit vector.</summary>
    public SparseVector Text(string text) => WithTopics(Words(text));

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
                Roles.User => EarlierUserWeight,
                Roles.Assistant => AssistantWeight,
                _ => SystemWeight,
            } * Math.Pow(AgeDecay, Math.Abs(lastUser - i));
            Words(messages[i].Content).AddTo(sums, weight);
        }

        return WithTopics(SparseVector.FromSums(sums));
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
        _topics.Save(writer);
        writer.Write(Documents);
        writer.Write(_documentCounts.Count(count => count > 0));
        for (var slot = 0; slot < CountSlots; slot++)
        {
            if (_documentCounts[slot] > 0)
            {
                writer.Write(slot);
                writer.Write(_documentCounts[slot]);
            }
        }
    }

    public static Featurizer Load(BinaryReader reader)
    {
        var topics = TopicSpace.Load(reader);
        var documents = reader.ReadInt32();
        var counts = new ushort[CountSlots];
        for (var entries = reader.ReadInt32(); entries > 0; entries--)
        {
            var slot = reader.ReadInt32();
            counts[(uint)slot < CountSlots ? slot : throw new FormatException("A feature is out of range.")] = reader.ReadUInt16();
        }

        return new Featurizer(counts, documents, topics);
    }

    private SparseVector WithTopics(SparseVector words)
    {
        var sums = new Dictionary<int, double>();
        words.AddTo(sums, 1);
        _topics.Describe(words, sums, TopicWeight);
        return SparseVector.FromSums(sums);
    }

    private SparseVector Words(string text)
    {
        var sums = new Dictionary<int, double>();
        foreach (var (feature, count) in Count(text))
        {
            var bucket = (int)((feature & 0xFFFFFF) % WordBuckets);
            // A signed hash lets features that share a bucket cancel out on average instead of adding up.
            var sign = ((feature >> 60) & 1) == 0 ? 1.0 : -1.0;
            var weight = (feature >> 62) switch { 0 => 1.0, 1 => PieceWeight, _ => PairWeight };
            sums[bucket] = sums.GetValueOrDefault(bucket) + (sign * weight * (1 + Math.Log(count)) * Rarity(feature));
        }

        return SparseVector.FromSums(sums);
    }

    private double Rarity(ulong feature) =>
        Joining.Contains(feature) ? LeastRarity : Math.Max(LeastRarity, Math.Log((Documents + 1) / (_documentCounts[Slot(feature)] + 0.5)));

    private static int Slot(ulong feature) => (int)((feature >> 24) & (CountSlots - 1));

    private static ulong WordFeature(string word) => Kind(SplitMix64.Hash(word), 0);

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

            AddPieces(word, counts);
            if (previous != 0)
            {
                var pair = Kind(SplitMix64.Combine(previous, feature), 3);
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }

            previous = feature;
        }

        return counts;
    }

    // Parts of words, ends marked, so that words of one family meet: "proofing", "overproofed".
    private static void AddPieces(string word, Dictionary<ulong, int> counts)
    {
        if (word.Length < PieceLength)
        {
            return;
        }

        var marked = $"<{word}>";
        for (var start = 0; start + PieceLength <= marked.Length; start++)
        {
            var piece = Kind(SplitMix64.Hash(marked.AsSpan(start, PieceLength)), 1);
            counts[piece] = counts.GetValueOrDefault(piece) + 1;
        }
    }

    // The two highest bits of a feature tell words (0), parts of words (1) and pairs (3) apart.
    private static ulong Kind(ulong hash, ulong kind) => (hash & ~(3UL << 62)) | (kind << 62);
}
