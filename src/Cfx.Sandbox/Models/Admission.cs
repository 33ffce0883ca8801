namespace Cfx.Sandbox.Models;

/// <summary>
/// Teaches a model which training answers it may give: their biases follow the gradient of the softmax loss over everything the base
/// can say and the batch's answers, with the similarity held fixed. An answer rises while its own context would not choose it, and
/// sinks where it pushes itself before others.
/// </summary>
/// <param name="candidates">The base's answers first, then the training answers.</param>
/// <param name="known">How many are the base's.</param>
internal sealed class Admission(IReadOnlyList<Candidate> candidates, int known)
{
    // A bias starts a dozen below; at a rate of 0.05 and three visits it must be able to come up.
    private const double BiasRate = 80;

    private readonly HashSet<Candidate> _known = [.. candidates.Take(known)];

    /// <summary>Takes one step.</summary>
    public void Step(TuningItem[] batch, PreparedContext[] contexts, double learningRate)
    {
        var learned = batch.Select(item => item.Answer).Distinct().Where(answer => !_known.Contains(answer)).ToList();
        var gradient = new double[learned.Count];
        var weights = new double[known + learned.Count];
        for (var example = 0; example < batch.Length; example++)
        {
            var target = learned.IndexOf(batch[example].Answer);
            if (target < 0)
            {
                continue;
            }

            for (var i = 0; i < weights.Length; i++)
            {
                var candidate = i < known ? candidates[i] : learned[i - known];
                weights[i] = i < known && !candidate.IsOffered
                    ? double.NegativeInfinity
                    : Similarity.Score(contexts[example], candidate) + candidate.Bias;
            }

            Softmax.Normalize(weights);
            for (var i = 0; i < learned.Count; i++)
            {
                gradient[i] += weights[known + i] - (i == target ? 1 : 0);
            }
        }

        for (var i = 0; i < learned.Count; i++)
        {
            learned[i].Bias -= learningRate * BiasRate * gradient[i];
        }
    }
}
