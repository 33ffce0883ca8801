namespace Cfx.Sandbox.Models;

/// <summary>An answer that a model can give.</summary>
internal sealed class Candidate(string text, SparseVector vector, double bias)
{
    /// <summary>How many questions an answer is remembered with.</summary>
    public const int MaximumQuestions = 4;

    /// <summary>
    /// The bias of an answer that training has not admitted yet. An answer that still has it is not offered at all, so that a model
    /// tuned with learning rate 0 is its base, bit for bit.
    /// </summary>
    public const double UntrainedBias = -12;

    public string Text { get; } = text;

    public SparseVector Vector { get; } = vector;

    public float[] Projected { get; } = Projection.Of(vector);

    /// <summary>Added to the score; 0 for a base model's own answers.</summary>
    public double Bias { get; set; } = bias;

    /// <summary>
    /// Features of conversations that it was learned as the answer to. They help to find it, and are no part of any loss: there, each
    /// answer would give itself away.
    /// </summary>
    public IReadOnlyList<SparseVector> Questions { get; private set; } = [];

    /// <summary>Whether the model may choose it.</summary>
    public bool IsOffered => Bias != UntrainedBias;

    /// <summary>Remembers one more question, up to <see cref="MaximumQuestions"/>.</summary>
    public void AddQuestion(SparseVector question)
    {
        if (Questions.Count < MaximumQuestions)
        {
            Questions = [.. Questions, question];
        }
    }

    /// <summary>A copy with a bias of its own; the features are shared.</summary>
    public Candidate Copy() => (Candidate)MemberwiseClone();
}
