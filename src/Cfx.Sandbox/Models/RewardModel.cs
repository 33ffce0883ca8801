using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>
/// How good an answer is to a conversation, as learned from pairs of which people liked one better (Bradley–Terry). Immutable once
/// made; safe to use from many threads.
/// </summary>
public sealed class RewardModel
{
    private const string Kind = "reward model";
    private const int Epochs = 30;
    private const double LearningRate = 0.05;
    private const double DenseDecay = 0.005;
    private const double HashedDecay = 0.01;
    private const double HashedRate = 8;

    // Little, so that telling apart two answers on the subject stays more important than telling subjects apart.
    private const double RandomPairWeight = 0.15;

    // The right answer against another on the same subject: what teaches that to the point is better than near it.
    private const double SisterPairWeight = 0.12;

    private readonly ResponseModel _knowledge;
    private readonly double[] _dense;
    private readonly float[] _hashed;

    private RewardModel(ResponseModel knowledge, double[] dense, float[] hashed)
    {
        _knowledge = knowledge;
        _dense = dense;
        _hashed = hashed;
    }

    /// <summary>Learns from preferences, and from known answers against answers to other questions.</summary>
    /// <param name="knowledge">What the judge knows; the model that stands for a good answer.</param>
    /// <param name="preferences">Questions with a better and a worse answer.</param>
    /// <param name="pairs">Questions with good answers.</param>
    /// <param name="cancellationToken">Checked between epochs.</param>
    public static RewardModel Train(
        ResponseModel knowledge,
        IReadOnlyList<CorpusPreference> preferences,
        IReadOnlyList<CorpusPair> pairs,
        CancellationToken cancellationToken)
    {
        var random = new SplitMix64(20_170_501);
        var comparisons = new List<Comparison>();
        foreach (var preference in preferences)
        {
            comparisons.Add(Compare(knowledge, preference.Prompt, preference.Better, preference.Worse, weight: 1));
        }

        var bySubject = pairs.GroupBy(pair => pair.Subject, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var other = pairs[random.NextInt(pairs.Count)];
            if (!string.Equals(other.Answer, pair.Answer, StringComparison.Ordinal))
            {
                comparisons.Add(Compare(knowledge, pair.Prompt, pair.Answer, other.Answer, RandomPairWeight));
            }

            var sister = bySubject[pair.Subject][random.NextInt(bySubject[pair.Subject].Count)];
            if (!string.Equals(sister.Answer, pair.Answer, StringComparison.Ordinal))
            {
                comparisons.Add(Compare(knowledge, pair.Prompt, pair.Answer, sister.Answer, SisterPairWeight));
            }
        }

        var dense = new double[RewardFeatures.DenseCount];
        var hashed = new float[RewardFeatures.HashedCount];
        var items = comparisons.ToArray();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            random.Shuffle(items);
            var rate = LearningRate / (1 + (0.1 * epoch));
            foreach (var item in items)
            {
                var margin = Value(dense, hashed, item.Better) - Value(dense, hashed, item.Worse);
                var pull = item.Weight / (1 + Math.Exp(margin));
                for (var i = 0; i < dense.Length; i++)
                {
                    dense[i] += rate * ((pull * (item.Better.Dense[i] - item.Worse.Dense[i])) - (DenseDecay * dense[i]));
                    // Keeping to the point may count for nothing, never against an answer, however much bad answers echo the question.
                    dense[i] = i < RewardFeatures.RelevanceCount ? Math.Max(0, dense[i]) : dense[i];
                }

                Move(hashed, item.Better.Hashed, rate, pull);
                Move(hashed, item.Worse.Hashed, rate, -pull);
            }
        }

        return new RewardModel(knowledge, dense, hashed);
    }

    /// <summary>The reward in logits: an answer one higher than another is preferred to it with probability 0.73.</summary>
    public double Score(IReadOnlyList<Message> conversation, string answer) => Score(Read(conversation), answer);

    /// <summary>Writes the whole model, its knowledge included.</summary>
    public void Save(Stream stream) => StateFormat.Write(stream, Kind, writer =>
    {
        _knowledge.SaveTo(writer);
        foreach (var weight in _dense)
        {
            writer.Write(weight);
        }

        StateFormat.WriteSparse(writer, _hashed);
    });

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream holds something else, or is damaged; the message says which.</exception>
    public static RewardModel Load(Stream stream) => StateFormat.Read(stream, Kind, reader =>
    {
        var knowledge = ResponseModel.LoadFrom(reader);
        var dense = new double[RewardFeatures.DenseCount];
        for (var i = 0; i < dense.Length; i++)
        {
            dense[i] = reader.ReadDouble();
        }

        return new RewardModel(knowledge, dense, StateFormat.ReadSparse(reader, RewardFeatures.HashedCount));
    });

    /// <summary>The weights of <see cref="RewardFeatures.Dense"/>.</summary>
    internal IReadOnlyList<double> DenseWeights => _dense;

    internal RewardContext Read(IReadOnlyList<Message> conversation) => RewardContext.Of(_knowledge, conversation);

    internal double Score(RewardContext context, string answer) => Value(_dense, _hashed, Describe(_knowledge, context, answer));

    /// <summary>Why the first answer is rewarded more than the second, as clauses about "it"; at most two, strongest first.</summary>
    internal IReadOnlyList<string> Reasons(RewardContext context, string better, string worse)
    {
        var high = RewardFeatures.Dense(_knowledge, context, better);
        var low = RewardFeatures.Dense(_knowledge, context, worse);
        return [.. RewardFeatures.Aspects
            .Select(aspect => (aspect.Clause, Gain: aspect.Features.Sum(i => _dense[i] * (high[i] - low[i]))))
            .Where(aspect => aspect.Gain > 0.1)
            .OrderByDescending(aspect => aspect.Gain)
            .Take(2)
            .Select(aspect => aspect.Clause)];
    }

    private static Comparison Compare(ResponseModel knowledge, string prompt, string better, string worse, double weight)
    {
        var context = RewardContext.Of(knowledge, [new Message(Roles.User, prompt)]);
        return new Comparison(Describe(knowledge, context, better), Describe(knowledge, context, worse), weight);
    }

    private static Description Describe(ResponseModel knowledge, RewardContext context, string answer) =>
        new(RewardFeatures.Dense(knowledge, context, answer), RewardFeatures.Hashed(answer));

    private static double Value(double[] dense, float[] hashed, Description answer)
    {
        var sum = 0.0;
        for (var i = 0; i < dense.Length; i++)
        {
            sum += dense[i] * answer.Dense[i];
        }

        for (var i = 0; i < answer.Hashed.Indices.Length; i++)
        {
            sum += hashed[answer.Hashed.Indices[i]] * answer.Hashed.Values[i];
        }

        return sum;
    }

    private static void Move(float[] hashed, SparseVector answer, double rate, double pull)
    {
        for (var i = 0; i < answer.Indices.Length; i++)
        {
            var index = answer.Indices[i];
            hashed[index] += (float)(rate * ((HashedRate * pull * answer.Values[i]) - (HashedDecay * hashed[index])));
        }
    }

    private sealed record Description(double[] Dense, SparseVector Hashed);

    private sealed record Comparison(Description Better, Description Worse, double Weight);
}
