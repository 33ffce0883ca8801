using Cfx.Core;
using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Models;

/// <summary>Makes the base models from the corpus; the same corpus gives the same models.</summary>
public static class BaseModels
{
    /// <summary>Knows some subjects well, some thinly, some hardly.</summary>
    public const string Small = "sandbox/small";

    /// <summary>Knows the whole corpus.</summary>
    public const string Large = "sandbox/large";

    /// <summary>Knows the whole corpus; meant for judging.</summary>
    public const string Judge = "sandbox/judge";

    private const int Epochs = 4;
    private const double LearningRate = 0.005;

    /// <summary>The base models' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Small, Large, Judge];

    /// <summary>Trains one base model; well under five seconds.</summary>
    /// <exception cref="MisuseException">There is no base model of this name.</exception>
    public static ResponseModel Train(string name, SandboxCorpus corpus, CancellationToken cancellationToken)
    {
        if (!Names.Contains(name, StringComparer.Ordinal))
        {
            throw new MisuseException($"There is no base model \"{name}\" in the sandbox; it has {string.Join(", ", Names)}.");
        }

        var known = string.Equals(name, Small, StringComparison.Ordinal) ? KnownToSmall(corpus.Pairs) : corpus.Pairs;
        return Train(known, corpus, Epochs, LearningRate, cancellationToken);
    }

    internal static ResponseModel Train(
        IReadOnlyList<CorpusPair> known, SandboxCorpus corpus, int epochs, double learningRate, CancellationToken cancellationToken)
    {
        // Every model speaks the same language: word rarities and topics come from the whole corpus, whatever part of the answers it knows.
        // The preferences' questions are read for their subjects; their answers are left to the judge.
        var features = Featurizer.Fit([
            .. corpus.Pairs.Select(pair => (pair.Subject, pair.Prompt)),
            .. corpus.Pairs.Select(pair => (pair.Subject, pair.Answer)),
            .. corpus.Preferences.Select(item => (item.Subject, item.Prompt)),
        ]);
        var candidates = known.Select(pair => pair.Answer.Trim()).Distinct(StringComparer.Ordinal)
            .Select(text => new Candidate(text, features.Text(text), bias: 0)).ToList();
        var byText = candidates.ToDictionary(candidate => candidate.Text, StringComparer.Ordinal);
        foreach (var pair in known)
        {
            byText[pair.Answer.Trim()].AddQuestion(features.Text(pair.Prompt));
        }

        var untrained = new ResponseModel(features, new Similarity(), candidates);
        var examples = known.Select(pair => new TuningExample(
            [new Message(Roles.User, pair.Prompt), new Message(Roles.Assistant, pair.Answer)], [0, 1]));
        var run = new FineTuningRun(untrained, examples, [], new TuningSettings(epochs, learningRate, LoraRank: null));
        while (!run.IsFinished)
        {
            run.RunEpoch(onStep: null, cancellationToken);
        }

        return run.ToModel();
    }

    // A third of the subjects half, a third with two pairs, a third with a single pair, by position in the corpus.
    private static List<CorpusPair> KnownToSmall(IReadOnlyList<CorpusPair> pairs)
    {
        var subjects = pairs.Select(pair => pair.Subject).Distinct(StringComparer.Ordinal).ToList();
        return [.. pairs.GroupBy(pair => pair.Subject, StringComparer.Ordinal).SelectMany(group =>
        {
            var count = group.Count();
            return group.Take((subjects.IndexOf(group.Key) % 3) switch { 0 => (count + 1) / 2, 1 => 2, _ => 1 });
        })];
    }
}
