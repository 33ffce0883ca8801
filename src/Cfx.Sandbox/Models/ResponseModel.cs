using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>
/// A model that answers by choosing among answers it knows, after Henderson et al. 2017: every known answer is scored against the
/// conversation, and one is drawn from the softmax of the scores. Immutable once made; safe to use from many threads.
/// </summary>
public sealed class ResponseModel
{
    private const string Kind = "response model";

    private readonly Dictionary<string, int> _byText;

    internal ResponseModel(Featurizer features, Similarity similarity, IReadOnlyList<Candidate> candidates)
    {
        Features = features;
        Similarity = similarity;
        Candidates = candidates;
        _byText = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < candidates.Count; i++)
        {
            _byText.TryAdd(candidates[i].Text, i);
        }
    }

    /// <summary>How many answers it can give, those not admitted by training included.</summary>
    public int CandidateCount => Candidates.Count;

    /// <summary>How many answers it may choose.</summary>
    public int OfferedCount => Candidates.Count(candidate => candidate.IsOffered);

    internal Featurizer Features { get; }

    internal Similarity Similarity { get; }

    internal IReadOnlyList<Candidate> Candidates { get; }

    internal int IndexOf(string text) => _byText.GetValueOrDefault(text, -1);

    /// <summary>Scores of all candidates with their biases; negative infinity for one that is not offered.</summary>
    internal double[] Score(SparseVector context)
    {
        var prepared = Similarity.Prepare(context);
        var scores = new double[Candidates.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            var candidate = Candidates[i];
            scores[i] = candidate.IsOffered ? Similarity.ScoreWithQuestions(prepared, candidate) + candidate.Bias : double.NegativeInfinity;
        }

        return scores;
    }

    /// <summary>The known answers that fit best, best first, with their scores.</summary>
    /// <param name="conversation">The turns to answer.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<(string Text, double Score)> Rank(IReadOnlyList<Message> conversation, int count)
    {
        var scores = Score(Features.Context(conversation));
        return [.. Enumerable.Range(0, scores.Length)
            .Where(index => !double.IsNegativeInfinity(scores[index]))
            .OrderByDescending(index => scores[index]).ThenBy(index => index)
            .Take(count)
            .Select(index => (Candidates[index].Text, scores[index]))];
    }

    /// <summary>Writes the whole model.</summary>
    public void Save(Stream stream) => StateFormat.Write(stream, Kind, SaveTo);

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream holds something else, or is damaged; the message says which.</exception>
    public static ResponseModel Load(Stream stream) => StateFormat.Read(stream, Kind, LoadFrom);

    internal void SaveTo(BinaryWriter writer)
    {
        Features.Save(writer);
        Similarity.Save(writer);
        writer.Write(Candidates.Count);
        foreach (var candidate in Candidates)
        {
            writer.Write(candidate.Text);
            writer.Write(candidate.Bias);
            writer.Write(candidate.Questions.Count);
            foreach (var question in candidate.Questions)
            {
                question.Save(writer);
            }
        }
    }

    internal static ResponseModel LoadFrom(BinaryReader reader)
    {
        var features = Featurizer.Load(reader);
        var similarity = Similarity.Load(reader);
        var candidates = new List<Candidate>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var text = reader.ReadString();
            var candidate = new Candidate(text, features.Text(text), reader.ReadDouble());
            for (var questions = reader.ReadInt32(); questions > 0; questions--)
            {
                candidate.AddQuestion(SparseVector.Load(reader));
            }

            candidates.Add(candidate);
        }

        return new ResponseModel(features, similarity, candidates);
    }
}
