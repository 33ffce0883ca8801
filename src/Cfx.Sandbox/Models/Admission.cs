namespace Cfx.Sandbox.Models;

/// <summary>
/// Teaches a model which training answers it may give: their biases follow the gradient of the softmax loss over everything the model
/// can say, with the similarity held fixed. An answer rises while its own context would not choose it, and sinks where it would push
/// itself before others.
/// </summary>
/// <param name="candidates">The base's answers first, then the training answers.</param>
/// <param name="known">How many are the base's; their biases stay.</param>
internal sealed class Admission(IReadOnlyList<Candidate> candidates, int known)
{
    // A bias starts a dozen below; at a rate of 0.05 and three visits it must be able to come up.
    private const double BiasRate = 80;

    // An answer given to many questions must not come to be given to all.
    private const double HighestBias = 2;

    private readonly Dictionary<Candidate, int> _learned =
        Enumerable.Range(known, candidates.Count - known).ToDictionary(index => candidates[index], index => index);

    /// <summary>Takes one step.</summary>
    public void Step(TuningItem[] batch, PreparedContext[] contexts, double learningRate)
    {
        var gradient = new double[candidates.Count];
        var weights = new double[candidates.Count];
        for (var example = 0; example < batch.Length; example++)
        {
            if (!_learned.TryGetValue(batch[example].Answer, out var target))
            {
                continue;
            }

            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = i >= known || candidates[i].IsOffered
                    ? Similarity.Score(contexts[example], candidates[i]) + candidates[i].Bias
                    : double.NegativeInfinity;
            }

            Softmax.Normalize(weights);
            weights[target] -= 1;
            for (var i = known; i < weights.Length; i++)
            {
                gradient[i] += weights[i];
            }
        }

        for (var i = known; i < gradient.Length; i++)
        {
            // Several visits in one batch are one step, lest an answer that stands in many examples overshoots.
            var step = learningRate * BiasRate * Math.Clamp(gradient[i], -1, 1);
            if (step != 0 && (candidates[i].IsOffered || step < 0))
            {
                candidates[i].Bias = Math.Clamp(candidates[i].Bias - step, Candidate.UntrainedBias + 1e-6, HighestBias);
            }
        }
    }
}
