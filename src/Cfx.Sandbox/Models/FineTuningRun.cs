namespace Cfx.Sandbox.Models;

/// <summary>
/// Tunes a <see cref="ResponseModel"/> by gradient descent, an epoch at a time. Only turns of weight 1 are learned. Between epochs
/// the run can be saved, and a run loaded from that goes on to the same result, bit for bit.
/// </summary>
public sealed class FineTuningRun
{
    private const string Kind = "fine-tuning run";
    private const int MinimumAnswers = 16;

    private readonly ResponseModel _base;
    private readonly TuningSettings _settings;
    private readonly TuningItem[] _training;
    private readonly TuningItem[] _validation;
    private readonly List<Candidate> _candidates;
    private readonly int _known;
    private Similarity _similarity;

    /// <summary>Prepares a run from the start.</summary>
    /// <param name="baseModel">Stays as it is.</param>
    /// <param name="training">Examples to learn; those without a turn of weight 1 are left out.</param>
    /// <param name="validation">Examples to measure on, possibly none.</param>
    /// <param name="settings">How to train.</param>
    /// <exception cref="Cfx.Core.MisuseException">A setting is out of range.</exception>
    public FineTuningRun(ResponseModel baseModel, IEnumerable<TuningExample> training, IEnumerable<TuningExample> validation, TuningSettings settings)
    {
        settings.Validate();
        _base = baseModel;
        _settings = settings;
        _candidates = [.. baseModel.Candidates.Select(candidate => candidate.Copy())];
        // What an earlier training taught may be raised and lowered further; the base's own answers stay as they are.
        _known = _candidates.TakeWhile(candidate => candidate.Bias == 0).Count();
        _training = Items(training, _candidates, baseModel);
        // Validation answers are measured, never learned: they stay out of the model's candidates.
        _validation = Items(validation, [], baseModel);
        _similarity = baseModel.Similarity.Copy();
        if (settings.LoraRank is { } rank)
        {
            _similarity.Adapters.Add(NewAdapter(rank));
        }
    }

    /// <summary>Epochs done so far.</summary>
    public int EpochsDone { get; private set; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsFinished => EpochsDone == _settings.Epochs;

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => (_training.Length + _settings.BatchSize - 1) / _settings.BatchSize;

    /// <summary>Steps of the whole run.</summary>
    public int TotalSteps => StepsPerEpoch * _settings.Epochs;

    /// <summary>Answers to learn, over all examples.</summary>
    public int TargetCount => _training.Length;

    /// <summary>How many numbers training may change: similarity parameters and the biases of the training answers.</summary>
    public int TrainableParameters =>
        (_settings.LoraRank is { } rank ? 2 * Projection.Width * rank : Featurizer.Buckets + (Projection.Width * Projection.Width))
        + 1 + _candidates.Count - _known;

    /// <summary>How many of them differ from their start.</summary>
    public int CountChangedParameters()
    {
        var changed = _candidates.Skip(_base.Candidates.Count).Count(candidate => candidate.IsOffered)
            + Differences(_similarity.TermLogWeights, _base.Similarity.TermLogWeights)
            + (_similarity.LogScale == _base.Similarity.LogScale ? 0 : 1)
            + Differences(_similarity.Bilinear, _base.Similarity.Bilinear);
        if (_settings.LoraRank is { } rank)
        {
            var start = NewAdapter(rank);
            changed += Differences(_similarity.Adapters[^1].In, start.In) + Differences(_similarity.Adapters[^1].Out, start.Out);
        }

        return changed;
    }

    /// <summary>Mean loss over the validation examples now, in nats; null without any.</summary>
    public double? MeasureValidationLoss() => Measure(_validation);

    /// <summary>Mean loss over the training examples now, in nats; null without any.</summary>
    public double? MeasureTrainingLoss() => Measure(_training);

    /// <summary>Trains one epoch.</summary>
    /// <param name="onStep">Called after each step, on the calling thread.</param>
    /// <param name="cancellationToken">Checked before each step; a run cancelled within an epoch must be loaded or made anew.</param>
    /// <exception cref="InvalidOperationException">The run is finished.</exception>
    public void RunEpoch(Action<TuningStep>? onStep, CancellationToken cancellationToken)
    {
        if (IsFinished)
        {
            throw new InvalidOperationException("The run is finished.");
        }

        var order = (TuningItem[])_training.Clone();
        new SplitMix64(SplitMix64.Combine(_settings.Seed, (ulong)EpochsDone)).Shuffle(order);
        var gradient = new SimilarityGradient(_similarity, full: _settings.LoraRank is null);
        var admission = new Admission(_candidates, _known);
        var preferences = _settings.PreferenceBeta is { } beta ? new PreferenceLoss(_candidates, _known, beta, _settings.IsReferenceFree) : null;
        for (var start = 0; start < order.Length; start += _settings.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = order.AsSpan(start, Math.Min(_settings.BatchSize, order.Length - start)).ToArray();
            var contexts = Array.ConvertAll(batch, item => _similarity.Prepare(item.Context));
            double loss;
            if (preferences is not null)
            {
                loss = preferences.Step(gradient, batch, contexts, _settings.LearningRate);
            }
            else
            {
                loss = Loss(gradient, batch, contexts, learn: true);
                admission.Step(batch, contexts, _settings.LearningRate);
            }

            gradient.Apply(_settings.LearningRate);
            var step = (EpochsDone * StepsPerEpoch) + (start / _settings.BatchSize) + 1;
            onStep?.Invoke(new TuningStep(step, TotalSteps, EpochsDone + 1, loss, IsEvaluated(step) ? MeasureValidationLoss() : null));
        }

        EpochsDone++;
    }

    /// <summary>The model as trained so far.</summary>
    public ResponseModel ToModel() => new(_base.Features, _similarity.Copy(), [.. _candidates.Select(candidate => candidate.Copy())]);

    /// <summary>Writes how far the run is. Base, examples and settings are not in it.</summary>
    public void Save(Stream stream) => StateFormat.Write(stream, Kind, writer =>
    {
        writer.Write(Recipe());
        writer.Write(EpochsDone);
        _similarity.Save(writer);
        writer.Write(_candidates.Count);
        foreach (var candidate in _candidates)
        {
            writer.Write(candidate.Bias);
        }
    });

    /// <summary>Puts the run where a saved one was.</summary>
    /// <exception cref="InvalidDataException">The stream is damaged, or of a run with other examples, settings or base.</exception>
    public void Restore(Stream stream) => StateFormat.Read(stream, Kind, reader =>
    {
        if (reader.ReadUInt64() != Recipe())
        {
            throw new InvalidDataException("The saved fine-tuning run is of another base model, examples or settings.");
        }

        var epochs = reader.ReadInt32();
        var similarity = Similarity.Load(reader);
        if (reader.ReadInt32() != _candidates.Count)
        {
            throw new InvalidDataException("The saved fine-tuning run has another number of answers.");
        }

        foreach (var candidate in _candidates)
        {
            candidate.Bias = reader.ReadDouble();
        }

        _similarity = similarity;
        EpochsDone = epochs;
        return true;
    });

    private LowRankAdapter NewAdapter(int rank) =>
        LowRankAdapter.Create(rank, _settings.LoraAlpha ?? (2.0 * rank), new SplitMix64(SplitMix64.Combine(_settings.Seed, 0xADA)));

    private bool IsEvaluated(int step) =>
        // The k-th of n evaluations follows step ⌈k·total/n⌉; so many lie in (step−1, step].
        (long)step * _settings.Evaluations / TotalSteps > (long)(step - 1) * _settings.Evaluations / TotalSteps;

    private double? Measure(TuningItem[] items)
    {
        if (items.Length == 0)
        {
            return null;
        }

        var measure = new SimilarityGradient(_similarity, full: true);
        var total = 0.0;
        for (var start = 0; start < items.Length; start += TuningSettings.MaximumBatchSize)
        {
            var batch = items.AsSpan(start, Math.Min(TuningSettings.MaximumBatchSize, items.Length - start)).ToArray();
            var contexts = Array.ConvertAll(batch, item => _similarity.Prepare(item.Context));
            total += batch.Length * (_settings.PreferenceBeta is { } beta
                ? PreferenceLoss.Measure(batch, contexts, beta, _settings.IsReferenceFree)
                : Loss(measure, batch, contexts, learn: false));
        }

        return total / items.Length;
    }

    private double Loss(SimilarityGradient gradient, TuningItem[] batch, PreparedContext[] contexts, bool learn)
    {
        var answers = batch.Select(item => item.Answer).Distinct().ToList();
        // A small batch would be too easy: answers of the base fill it up, spread over what it knows.
        var known = _base.Candidates.Count;
        for (var i = 0; i < known && answers.Count < MinimumAnswers; i++)
        {
            var filler = _candidates[(int)((long)i * 7919 % known)];
            if (!answers.Exists(answer => string.Equals(answer.Text, filler.Text, StringComparison.Ordinal)))
            {
                answers.Add(filler);
            }
        }

        return gradient.Add(contexts, Array.ConvertAll(batch, item => answers.IndexOf(item.Answer)), answers, learn);
    }

    private ulong Recipe()
    {
        var hash = SplitMix64.Hash(_settings.ToString());
        foreach (var item in _training)
        {
            hash = SplitMix64.Combine(hash, SplitMix64.Hash(item.Answer.Text));
            hash = item.Context.Indices.Aggregate(hash, (sum, index) => SplitMix64.Combine(sum, (ulong)index));
        }

        return SplitMix64.Combine(hash, (ulong)_base.Candidates.Count);
    }

    private static TuningItem[] Items(IEnumerable<TuningExample> examples, List<Candidate> candidates, ResponseModel model)
    {
        var byText = new Dictionary<string, Candidate>(StringComparer.Ordinal);
        foreach (var candidate in candidates)
        {
            byText.TryAdd(candidate.Text, candidate);
        }

        Candidate Known(string answer)
        {
            var text = answer.Trim();
            if (!byText.TryGetValue(text, out var candidate))
            {
                candidate = new Candidate(text, model.Features.Text(text), Candidate.UntrainedBias);
                byText.Add(text, candidate);
                candidates.Add(candidate);
            }

            return candidate;
        }

        var items = new List<TuningItem>();
        foreach (var (context, answer, rejected) in examples.SelectMany(example => example.Targets().Select(target => (target.Context, target.Answer, example.Rejected))))
        {
            var candidate = Known(answer);
            var features = model.Features.Context(context);
            if (candidate.Bias == Candidate.UntrainedBias)
            {
                candidate.AddQuestion(features);
            }

            if (rejected is null)
            {
                items.Add(new TuningItem(features, candidate));
                continue;
            }

            var other = Known(rejected);
            var prepared = model.Similarity.Prepare(features);
            items.Add(new TuningItem(features, candidate)
            {
                Rejected = other,
                ReferenceMargin = PreferenceLoss.Margin(prepared, candidate, other),
            });
        }

        return [.. items];
    }

    private static int Differences(float[] left, float[] right)
    {
        var count = 0;
        for (var i = 0; i < left.Length; i++)
        {
            count += left[i] == right[i] ? 0 : 1;
        }

        return count;
    }
}
