namespace Cfx.Sandbox.Models;

/// <summary>
/// The corpus's subjects as linear classifiers over hashed words. Texts are described by how near they come to each, so that two of one
/// subject meet even when they share no word. Part of the language that all models share, like the rarity of words.
/// </summary>
internal sealed class TopicSpace
{
    /// <summary>The most subjects that there can be; further ones have no topic.</summary>
    public const int Maximum = 256;

    private const int Epochs = 5;
    private const double Rate = 0.05;
    private const double Scale = 20;

    // How fast a text's share in a topic falls with the distance from its best one; chosen on half of the subjects, like the certainty.
    private const double Sharpness = 30;

    // A text that comes less near to any topic than this is described more faintly: it may be about none of them.
    private const double Certain = 0.15;
    private const double Negligible = 0.02;
    private const float LeastWeight = 1e-4f;

    private readonly SparseVector[] _topics;
    private readonly float[]?[] _rows = new float[]?[Featurizer.WordBuckets];

    private TopicSpace(SparseVector[] topics)
    {
        _topics = topics;
        for (var topic = 0; topic < topics.Length; topic++)
        {
            for (var i = 0; i < topics[topic].Indices.Length; i++)
            {
                (_rows[topics[topic].Indices[i]] ??= new float[topics.Length])[topic] = topics[topic].Values[i];
            }
        }
    }

    /// <summary>Learns to tell the subjects apart: from their mean vectors, by gradient descent on the softmax loss.</summary>
    /// <param name="texts">Subjects numbered from 0, with texts about them.</param>
    public static TopicSpace Fit(IReadOnlyList<(int Subject, SparseVector Text)> texts)
    {
        var known = texts.Where(text => text.Subject < Maximum).ToList();
        var weights = Means(known, known.Count == 0 ? 0 : known.Max(text => text.Subject) + 1);
        var scores = new double[weights.Length];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var (subject, text) in known)
            {
                for (var topic = 0; topic < scores.Length; topic++)
                {
                    scores[topic] = Scale * text.Dot(weights[topic]);
                }

                Softmax.Normalize(scores);
                scores[subject] -= 1;
                for (var topic = 0; topic < scores.Length; topic++)
                {
                    if (Math.Abs(scores[topic]) >= LeastWeight)
                    {
                        text.AddTo(weights[topic], (float)(-Rate * scores[topic]));
                    }
                }
            }
        }

        return new TopicSpace(Array.ConvertAll(weights, row =>
        {
            var kept = Enumerable.Range(0, row.Length).Where(i => Math.Abs(row[i]) > LeastWeight).ToArray();
            return new SparseVector(kept, Array.ConvertAll(kept, i => row[i]));
        }));
    }

    /// <summary>Adds a text's place among the topics, as features from <see cref="Featurizer.WordBuckets"/> on.</summary>
    /// <param name="words">The text's words.</param>
    /// <param name="sums">Where to add it.</param>
    /// <param name="weight">Its length when the text is clearly about something known; the words' is 1.</param>
    public void Describe(SparseVector words, Dictionary<int, double> sums, double weight)
    {
        var near = new double[_topics.Length];
        for (var i = 0; i < words.Indices.Length; i++)
        {
            if (_rows[words.Indices[i]] is { } row)
            {
                for (var topic = 0; topic < row.Length; topic++)
                {
                    near[topic] += words.Values[i] * row[topic];
                }
            }
        }

        var best = near.Length == 0 ? 0 : near.Max();
        if (best <= 0)
        {
            return;
        }

        var norm = 0.0;
        for (var topic = 0; topic < near.Length; topic++)
        {
            var share = Math.Exp(Sharpness * (near[topic] - best));
            near[topic] = share < Negligible ? 0 : share;
            norm += near[topic] * near[topic];
        }

        var factor = weight * Math.Min(1, best / Certain) / Math.Sqrt(norm);
        for (var topic = 0; topic < near.Length; topic++)
        {
            if (near[topic] > 0)
            {
                sums[Featurizer.WordBuckets + topic] = factor * near[topic];
            }
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_topics.Length);
        foreach (var topic in _topics)
        {
            topic.Save(writer);
        }
    }

    public static TopicSpace Load(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count is < 0 or > Maximum)
        {
            throw new FormatException("There are too many topics.");
        }

        var topics = new SparseVector[count];
        for (var topic = 0; topic < count; topic++)
        {
            topics[topic] = SparseVector.Load(reader);
        }

        return new TopicSpace(topics);
    }

    private static float[][] Means(List<(int Subject, SparseVector Text)> texts, int count)
    {
        var sums = Enumerable.Range(0, count).Select(_ => new Dictionary<int, double>()).ToArray();
        foreach (var (subject, text) in texts)
        {
            text.AddTo(sums[subject], 1);
        }

        return Array.ConvertAll(sums, sum =>
        {
            var row = new float[Featurizer.WordBuckets];
            SparseVector.FromSums(sum).AddTo(row, 1);
            return row;
        });
    }
}
