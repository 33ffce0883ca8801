namespace Cfx.Sandbox.Models;

/// <summary>
/// The in-batch softmax loss (Henderson et al. 2017) and its gradient: each context must tell its own answer from the batch's others.
/// Biases play no part in it, so the loss of answers seen and unseen means the same.
/// </summary>
internal sealed class SimilarityGradient(Similarity similarity, bool full)
{
    // Step sizes of the parameter groups relative to the learning rate, chosen so that one rate suits all of them.
    private const double TermRate = 4;
    private const double BilinearRate = 0.01;
    private const double AdapterRate = 0.001;
    private const double ScaleRate = 0.02;
    private const double MaximumTermChange = 0.25;
    private const double MaximumNorm = 20;

    private static readonly double LeastLogScale = Math.Log(5);
    private static readonly double GreatestLogScale = Math.Log(60);

    private double _scale;
    private readonly float[] _terms = new float[full ? Featurizer.Buckets : 0];
    private readonly float[] _bilinear = new float[full ? Projection.Width * Projection.Width : 0];
    private readonly LowRankAdapter? _adapter = full ? null : similarity.Adapters[^1];
    private readonly float[] _in = new float[full ? 0 : similarity.Adapters[^1].In.Length];
    private readonly float[] _out = new float[full ? 0 : similarity.Adapters[^1].Out.Length];

    /// <summary>Mean loss of a batch, in nats; with <paramref name="learn"/> its gradient is added up for <see cref="Apply"/>.</summary>
    /// <param name="contexts">One prepared context an example.</param>
    /// <param name="targets">For each context, which of <paramref name="responses"/> is right.</param>
    /// <param name="responses">Distinct answers to tell apart.</param>
    /// <param name="learn">False only measures.</param>
    public double Add(IReadOnlyList<PreparedContext> contexts, IReadOnlyList<int> targets, IReadOnlyList<Candidate> responses, bool learn)
    {
        var total = 0.0;
        var scale = (float)Math.Exp(similarity.LogScale);
        var weights = new double[responses.Count];
        for (var example = 0; example < contexts.Count; example++)
        {
            var context = contexts[example];
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = Similarity.Score(context, responses[i]);
            }

            var target = weights[targets[example]];
            var scores = learn ? (double[])weights.Clone() : weights;
            total += Softmax.Normalize(weights) - target;
            if (learn)
            {
                weights[targets[example]] -= 1;
                for (var i = 0; i < weights.Length; i++)
                {
                    _scale += weights[i] * scores[i];
                }

                AddGradient(context, responses, weights, scale);
            }
        }

        return total / contexts.Count;
    }

    /// <summary>Adds up the gradient of one context's scores.</summary>
    /// <param name="context">The prepared context.</param>
    /// <param name="responses">What is scored.</param>
    /// <param name="weights">The loss's derivative by each score.</param>
    public void Add(PreparedContext context, IReadOnlyList<Candidate> responses, double[] weights)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            _scale += weights[i] * Similarity.Score(context, responses[i]);
        }

        AddGradient(context, responses, weights, (float)Math.Exp(similarity.LogScale));
    }

    /// <summary>Takes one step down the gradient and forgets it.</summary>
    public void Apply(double learningRate)
    {
        if (learningRate == 0)
        {
            return;
        }

        similarity.LogScale = Math.Clamp(similarity.LogScale - (learningRate * ScaleRate * _scale), LeastLogScale, GreatestLogScale);
        _scale = 0;
        if (full)
        {
            for (var i = 0; i < _terms.Length; i++)
            {
                var change = Math.Clamp(learningRate * TermRate * _terms[i], -MaximumTermChange, MaximumTermChange);
                similarity.TermLogWeights[i] = (float)Math.Clamp(similarity.TermLogWeights[i] - change, -2, 2);
            }

            Array.Clear(_terms);
            Step(similarity.Bilinear, _bilinear, learningRate * BilinearRate);
        }
        else
        {
            Step(_adapter!.In, _in, learningRate * AdapterRate);
            Step(_adapter.Out, _out, learningRate * AdapterRate);
        }
    }

    private void AddGradient(PreparedContext context, IReadOnlyList<Candidate> responses, double[] weights, float scale)
    {
        var pulled = new float[Projection.Width];
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = (float)weights[i];
            if (Math.Abs(weight) < 1e-5)
            {
                continue;
            }

            var vector = responses[i].Vector;
            if (full)
            {
                for (var entry = 0; entry < vector.Indices.Length; entry++)
                {
                    var index = vector.Indices[entry];
                    _terms[index] += weight * context.Weighted[index] * vector.Values[entry];
                }
            }

            var projected = responses[i].Projected;
            for (var column = 0; column < pulled.Length; column++)
            {
                pulled[column] += weight * scale * projected[column];
            }
        }

        if (full)
        {
            for (var row = 0; row < pulled.Length; row++)
            {
                var value = context.Projected[row];
                var target = _bilinear.AsSpan(row * Projection.Width, Projection.Width);
                for (var column = 0; column < target.Length; column++)
                {
                    target[column] += value * pulled[column];
                }
            }

            return;
        }

        var reducedContext = _adapter!.Reduce(context.Projected, _adapter.In);
        var reducedPull = _adapter.Reduce(pulled, _adapter.Out);
        for (var row = 0; row < pulled.Length; row++)
        {
            for (var column = 0; column < _adapter.Rank; column++)
            {
                _in[(row * _adapter.Rank) + column] += _adapter.Scale * context.Projected[row] * reducedPull[column];
                _out[(row * _adapter.Rank) + column] += _adapter.Scale * pulled[row] * reducedContext[column];
            }
        }
    }

    private static void Step(float[] parameters, float[] gradient, double rate)
    {
        var norm = 0.0;
        foreach (var value in gradient)
        {
            norm += value * (double)value;
        }

        norm = Math.Sqrt(norm);
        var factor = (float)(rate * (norm > MaximumNorm ? MaximumNorm / norm : 1));
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] -= factor * gradient[i];
        }

        Array.Clear(gradient);
    }
}
