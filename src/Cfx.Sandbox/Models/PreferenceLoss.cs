namespace Cfx.Sandbox.Models;

/// <summary>
/// Learns which of two answers is preferred (Rafailov et al. 2023, "Direct Preference Optimization"): the loss is −ln σ(β·m), where m is
/// by how much more than the reference the model scores the preferred answer above the other. A softmax's normaliser is the same for
/// both answers, so that a difference of scores, biases included, is a difference of log-probabilities.
/// </summary>
/// <param name="candidates">The base's answers first, then those of the examples.</param>
/// <param name="known">How many are the base's; their biases stay.</param>
/// <param name="beta">How dear it is to leave the reference.</param>
/// <param name="isReferenceFree">Whether the reference prefers nothing.</param>
internal sealed class PreferenceLoss(IReadOnlyList<Candidate> candidates, int known, double beta, bool isReferenceFree)
{
    // As in learning from examples: a bias starts a dozen below, and must be able to come up within a few visits.
    private const double BiasRate = 80;
    private const double HighestBias = 2;

    private readonly Dictionary<Candidate, int> _learned =
        Enumerable.Range(known, candidates.Count - known).ToDictionary(index => candidates[index], index => index);

    /// <summary>By how much the model scores one answer above another.</summary>
    public static double Margin(PreparedContext context, Candidate preferred, Candidate rejected) =>
        Similarity.Score(context, preferred) + preferred.Bias - Similarity.Score(context, rejected) - rejected.Bias;

    /// <summary>Mean loss of a batch, in nats.</summary>
    public static double Measure(TuningItem[] batch, PreparedContext[] contexts, double beta, bool isReferenceFree)
    {
        var total = 0.0;
        for (var i = 0; i < batch.Length; i++)
        {
            total += Loss(Logit(batch[i], contexts[i], beta, isReferenceFree));
        }

        return total / batch.Length;
    }

    /// <summary>Mean loss before the step, in nats; biases take their step here, and the similarity's gradient is added up.</summary>
    /// <remarks>The gradient is taken without its factor β, so that one learning rate suits every β; how far training goes is still β's to say.</remarks>
    public double Step(SimilarityGradient gradient, TuningItem[] batch, PreparedContext[] contexts, double learningRate)
    {
        var total = 0.0;
        var pulls = new SortedDictionary<int, double>();
        void Pull(Candidate candidate, double by)
        {
            if (_learned.TryGetValue(candidate, out var index))
            {
                pulls[index] = pulls.GetValueOrDefault(index) + by;
            }
        }

        for (var i = 0; i < batch.Length; i++)
        {
            var (preferred, rejected) = (batch[i].Answer, batch[i].Rejected!);
            var logit = Logit(batch[i], contexts[i], beta, isReferenceFree);
            total += Loss(logit);
            var doubt = 1 / (1 + Math.Exp(logit));
            gradient.Add(contexts[i], [preferred, rejected], [-doubt, doubt]);
            Pull(preferred, doubt);
            Pull(rejected, -doubt);
        }

        foreach (var (index, pull) in pulls)
        {
            // Several visits in one batch are one step, lest an answer that stands in many examples overshoots.
            var step = learningRate * BiasRate * Math.Clamp(pull, -1, 1);
            if (step != 0 && (candidates[index].IsOffered || step > 0))
            {
                candidates[index].Bias = Math.Clamp(candidates[index].Bias + step, Candidate.UntrainedBias + 1e-6, HighestBias);
            }
        }

        return total / batch.Length;
    }

    private static double Logit(TuningItem item, PreparedContext context, double beta, bool isReferenceFree) =>
        beta * (Margin(context, item.Answer, item.Rejected!) - (isReferenceFree ? 0 : item.ReferenceMargin));

    // ln(1 + e^−x) without overflow.
    private static double Loss(double logit) => logit > 0 ? Math.Log(1 + Math.Exp(-logit)) : -logit + Math.Log(1 + Math.Exp(logit));
}
