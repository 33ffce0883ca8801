namespace Cfx.Sandbox.Models;

/// <summary>What a reward model looks at: how an answer fits a conversation, in a few numbers, and its words, hashed.</summary>
internal static class RewardFeatures
{
    /// <summary>How many numbers <see cref="Dense"/> gives.</summary>
    public const int DenseCount = 24;

    /// <summary>How many of them, the first, say whether the answer is on the point.</summary>
    public const int RelevanceCount = 6;

    /// <summary>Buckets of <see cref="Hashed"/>.</summary>
    public const int HashedCount = 4_096;

    private const int References = 3;
    private const double ReferenceWeight = 0.3;

    /// <summary>What groups of the numbers stand for, in words.</summary>
    public static IReadOnlyList<(string Clause, int[] Features)> Aspects { get; } =
    [
        ("it keeps to what the user asked", [0, 1, 2, 3]),
        ("it says what is known to be right about the matter", [4, 5]),
        ("its length suits the request", [6, 7, 8, 9, 10, 11]),
        ("it has the form that was asked for", [12, 13, 14, 15, 16]),
        ("it decides the question", [17]),
        ("it is concrete", [18, 19, 20]),
        ("it does not repeat itself", [21]),
    ];

    /// <summary>The numbers, each of the order of 1.</summary>
    public static double[] Dense(ResponseModel knowledge, RewardContext context, string answer)
    {
        var features = knowledge.Features;
        var candidate = new Candidate(answer, features.Text(answer), 0);
        var words = TextTokenizer.Words(answer);
        var distinct = words.Distinct(StringComparer.Ordinal).ToList();
        var sentences = AnswerShape.Sentences(answer);
        var length = Math.Log(1 + words.Count);
        var wanted = context.Style;
        var bullets = AnswerShape.BulletLines(answer);
        var numbered = AnswerShape.NumberedLines(answer);
        var isList = bullets + numbered >= 2;
        var covered = context.Terms.Where(term => distinct.Contains(term.Key, StringComparer.Ordinal)).Sum(term => term.Value);
        var asked = context.Terms.Values.Sum();
        var references = context.References.Where(reference => !string.Equals(reference.Text, answer.Trim(), StringComparison.Ordinal))
            .Take(References).Select(reference => WordDot(reference.Vector, candidate.Vector)).ToList();
        var matter = Matter(context, answer);
        var unseen = distinct.Count == 0 ? 0 : distinct.Count(word => !features.Knows(word)) / (double)distinct.Count;
        var shortAsked = wanted.Short || wanted.OneSentence;
        return
        [
            Enough(matter.Dot(candidate.Vector, Featurizer.WordBuckets, Featurizer.Buckets), 0.25),
            Enough(WordDot(matter, candidate.Vector), 0.1),
            asked == 0 ? 0 : Enough(covered / asked, 0.3),
            Enough(WordDot(context.Whole, candidate.Vector), 0.15),
            references.Count == 0 ? 0 : Enough(references.Max(), 0.15),
            references.Count == 0 ? 0 : Enough(references.Average(), 0.1),
            length - 3.7,
            (length - 3.7) * (length - 3.7),
            words.Count < 8 ? 1 : 0,
            shortAsked ? length - 3 : 0,
            wanted.OneSentence && sentences.Count == 1 ? 1 : 0,
            wanted.OneSentence && sentences.Count > 2 ? 1 : 0,
            (wanted.Bullets || wanted.Steps) && isList ? 1 : 0,
            (wanted.Bullets || wanted.Steps) && !isList ? 1 : 0,
            !wanted.Bullets && !wanted.Steps && isList ? 1 : 0,
            wanted.Steps && numbered >= 2 ? 1 : 0,
            wanted.Table ? (AnswerShape.HasTable(answer) ? 1 : -1) : 0,
            wanted.Decision && words.Count > 0 && words[0] is "yes" or "no" or "not" or "only" or "usual" ? 1 : 0,
            Math.Min(1, words.Count(word => char.IsAsciiDigit(word[0])) / 4.0),
            words.Count == 0 ? 0 : words.Average(features.WordRarity) / 3,
            words.Count == 0 ? 0 : distinct.Count / (double)words.Count,
            sentences.Count == 0 ? 0 : 1 - (sentences.Distinct(StringComparer.OrdinalIgnoreCase).Count() / (double)sentences.Count),
            Math.Min(1, answer.Count(character => character is '?' or '!') / 3.0),
            unseen,
        ];
    }

    // Being off the point is bad; once on it, repeating more of the question is no better.
    private static double Enough(double value, double enough) => 2 * Math.Clamp(value / enough, 0, 1);

    private static double WordDot(SparseVector left, SparseVector right) => left.Dot(right, 0, Featurizer.WordBuckets);

    // What the conversation is about: its own words, and those of known answers near it (but not of the judged answer itself).
    private static SparseVector Matter(RewardContext context, string answer)
    {
        var sums = new Dictionary<int, double>();
        context.Whole.AddTo(sums, 1);
        foreach (var reference in context.References)
        {
            if (!string.Equals(reference.Text, answer.Trim(), StringComparison.Ordinal))
            {
                reference.Vector.AddTo(sums, ReferenceWeight);
            }
        }

        return SparseVector.FromSums(sums);
    }

    /// <summary>The answer's words and word pairs, each once: where evasive and concrete phrases can be told apart.</summary>
    public static SparseVector Hashed(string answer)
    {
        var sums = new Dictionary<int, double>();
        string? previous = null;
        foreach (var word in TextTokenizer.PlainWords(answer))
        {
            sums[(int)(SplitMix64.Hash(word) % HashedCount)] = 1;
            if (previous is not null)
            {
                sums[(int)(SplitMix64.Hash($"{previous} {word}") % HashedCount)] = 1;
            }

            previous = word;
        }

        return SparseVector.FromSums(sums);
    }
}
