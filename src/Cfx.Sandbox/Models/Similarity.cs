namespace Cfx.Sandbox.Models;

/// <summary>
/// How well a response fits a context: scale · (Σ weight·context·response over hashed features + projected correction). With all
/// parameters at their start this is TF-IDF cosine times the scale.
/// </summary>
internal sealed class Similarity
{
    /// <summary>The scale before training.</summary>
    public const double InitialScale = 20;

    // What was answered to a like question says more than what an answer shares with this one: an answer learned for another question
    // must not be found by its own words alone.
    private const double QuestionWeight = 1.5;

    /// <summary>Logarithms of the feature weights, 0 before training.</summary>
    public float[] TermLogWeights { get; private init; } = new float[Featurizer.Buckets];

    /// <summary>Dense bilinear correction in projected space, row = context; all zero before training.</summary>
    public float[] Bilinear { get; private init; } = new float[Projection.Width * Projection.Width];

    /// <summary>Low-rank corrections, oldest first.</summary>
    public List<LowRankAdapter> Adapters { get; private init; } = [];

    /// <summary>Logarithm of the scale.</summary>
    public double LogScale { get; set; } = Math.Log(InitialScale);

    /// <summary>A copy that can be trained apart.</summary>
    public Similarity Copy() => new()
    {
        TermLogWeights = [.. TermLogWeights],
        Bilinear = [.. Bilinear],
        Adapters = Adapters.ConvertAll(adapter => adapter.Copy()),
        LogScale = LogScale,
    };

    /// <summary>Does once for a context what every response's score needs.</summary>
    public PreparedContext Prepare(SparseVector context)
    {
        var scale = (float)Math.Exp(LogScale);
        var dense = new float[Featurizer.Buckets];
        for (var i = 0; i < context.Indices.Length; i++)
        {
            var index = context.Indices[i];
            dense[index] = scale * context.Values[i] * MathF.Exp(TermLogWeights[index]);
        }

        var projected = Projection.Of(context);
        var correction = new float[Projection.Width];
        for (var row = 0; row < Projection.Width; row++)
        {
            var value = projected[row];
            var weights = Bilinear.AsSpan(row * Projection.Width, Projection.Width);
            for (var column = 0; column < correction.Length; column++)
            {
                correction[column] += value * weights[column];
            }
        }

        foreach (var adapter in Adapters)
        {
            adapter.AddCorrection(projected, correction);
        }

        for (var i = 0; i < correction.Length; i++)
        {
            correction[i] *= scale;
        }

        return new PreparedContext(dense, projected, correction);
    }

    /// <summary>The score, about −5 to 20.</summary>
    public static double Score(PreparedContext context, Candidate response)
    {
        var sum = response.Vector.Dot(context.Weighted);
        var correction = 0f;
        var projected = response.Projected;
        for (var i = 0; i < projected.Length; i++)
        {
            correction += context.Correction[i] * projected[i];
        }

        return sum + correction;
    }

    /// <summary>The score with what the context shares with the nearest question that the response is remembered with.</summary>
    public static double ScoreWithQuestions(PreparedContext context, Candidate response)
    {
        var nearest = 0f;
        foreach (var question in response.Questions)
        {
            nearest = Math.Max(nearest, question.Dot(context.Weighted));
        }

        return Score(context, response) + (QuestionWeight * nearest);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(LogScale);
        StateFormat.WriteSparse(writer, TermLogWeights);
        StateFormat.WriteSparse(writer, Bilinear);
        writer.Write(Adapters.Count);
        foreach (var adapter in Adapters)
        {
            writer.Write(adapter.Rank);
            writer.Write(adapter.Scale);
            StateFormat.WriteSparse(writer, adapter.In);
            StateFormat.WriteSparse(writer, adapter.Out);
        }
    }

    public static Similarity Load(BinaryReader reader)
    {
        var scale = reader.ReadDouble();
        var result = new Similarity
        {
            LogScale = scale,
            TermLogWeights = StateFormat.ReadSparse(reader, Featurizer.Buckets),
            Bilinear = StateFormat.ReadSparse(reader, Projection.Width * Projection.Width),
        };
        for (var adapters = reader.ReadInt32(); adapters > 0; adapters--)
        {
            var rank = reader.ReadInt32();
            result.Adapters.Add(new LowRankAdapter(
                rank,
                reader.ReadSingle(),
                StateFormat.ReadSparse(reader, Projection.Width * rank),
                StateFormat.ReadSparse(reader, Projection.Width * rank)));
        }

        return result;
    }
}
