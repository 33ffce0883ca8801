using Cfx.Core.Conversations;
using Cfx.Sandbox.Models;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Hosting;

/// <summary>
/// Serves the sandbox's own models. A base model is trained when it is first asked for and kept in the cache folder, under a name
/// that changes with the program, so that a new version never answers with an old one's model.
/// </summary>
internal sealed class SandboxModelHost : IModelHost
{
    private const int ContextLength = 131_072;

    private readonly string _cacheFolder;
    private readonly JudgeSettings _judging;
    private readonly string _version = typeof(SandboxModelHost).Module.ModuleVersionId.ToString("N")[..12];
    private readonly Lazy<SandboxCorpus> _corpus = new(SandboxCorpus.LoadEmbedded);
    private readonly Dictionary<string, Lazy<ResponseModel>> _responders;
    private readonly Lazy<RewardModel> _reward;

    public SandboxModelHost(string cacheFolder, SandboxJudgeOptions judge)
    {
        _cacheFolder = cacheFolder;
        var standard = new JudgeSettings();
        _judging = new JudgeSettings(judge.TieMargin ?? standard.TieMargin, judge.PositionBias ?? standard.PositionBias, judge.Noise ?? standard.Noise);
        _responders = Models.BaseModels.Names.ToDictionary(
            name => name,
            name => new Lazy<ResponseModel>(() => Cached(
                name.Split('/')[^1],
                () => Models.BaseModels.Train(name, _corpus.Value, CancellationToken.None),
                (model, stream) => model.Save(stream),
                ResponseModel.Load)),
            StringComparer.Ordinal);
        _reward = new Lazy<RewardModel>(() => Cached(
            "reward",
            () => RewardModel.Train(_responders[Models.BaseModels.Judge].Value, _corpus.Value.Preferences, _corpus.Value.Pairs, CancellationToken.None),
            (model, stream) => model.Save(stream),
            RewardModel.Load));
    }

    public IReadOnlyList<ServedModelInfo> BaseModels { get; } =
    [
        new(Models.BaseModels.Small, "Sandbox Small", ContextLength, Limits()) { Price = new ModelPrice(0.10m, 0.20m, 0.50m) },
        new(Models.BaseModels.Large, "Sandbox Large", ContextLength, Limits()) { Price = new ModelPrice(0.90m, 1.20m, 3.00m) },
        new(Models.BaseModels.Judge, "Sandbox Judge", ContextLength, null) { Price = new ModelPrice(0.60m, 0.80m, 0m) },
    ];

    // The assemblies' ids follow from their sources, the corpus included.
    public string ContentVersion => ContentId.Hex(
        16,
        _version,
        typeof(Message).Module.ModuleVersionId.ToString("N"),
        FormattableString.Invariant($"{_judging.TieMargin} {_judging.PositionBias} {_judging.Noise}"));

    public int CountTokens(string text) => TokenCounter.Count(text);

    public Task<IServedModel> OpenBaseAsync(string name, CancellationToken cancellationToken) => Task.FromResult<IServedModel>(Serve(_responders[name].Value));

    public Task<IServedModel> OpenTunedAsync(string baseName, string path, CancellationToken cancellationToken)
    {
        return Task.FromResult<IServedModel>(Serve(Load(path)));
    }

    public Task<ITrainingRun> BeginTrainingAsync(TrainingOrder order, string? resumeFrom, CancellationToken cancellationToken)
    {
        var settings = new TuningSettings(
            order.Epochs,
            order.LearningRate,
            order.BatchSize,
            order.LoraRank,
            order.LoraRank is null ? null : order.LoraAlpha,
            order.Evaluations,
            unchecked((ulong)order.Seed),
            order.PreferenceBeta,
            order.IsReferenceFree);
        var start = order.StartPath is null ? _responders[order.BaseModel].Value : Load(order.StartPath);
        FineTuningRun New() => new(start, order.Training.Select(Example), order.Validation.Select(Example), settings);
        var run = New();
        if (run.TargetCount == 0)
        {
            throw new InvalidDataException("no answer of weight 1 in the training file has any text.");
        }

        if (resumeFrom is not null)
        {
            try
            {
                using var stream = File.OpenRead(resumeFrom);
                run.Restore(stream);
            }
            catch (InvalidDataException)
            {
                // Damaged, or of another version of the program: training begins anew.
                run = New();
            }
        }

        return Task.FromResult<ITrainingRun>(new Run(run));
    }

    private static TrainingLimits Limits() => new(
        1, TuningSettings.MaximumBatchSize, TuningSettings.MaximumLoraRank, TuningSettings.MaximumEpochs, 1_000, 0, 1);

    private static TuningExample Example(TrainingExample example) => new(
        [.. example.Messages.Select(message => new Message(message.Role, message.Content))],
        [.. example.Messages.Select(message => message.IsTrained ? 1 : 0)])
    {
        Rejected = example.Rejected,
    };

    private static ResponseModel Load(string path)
    {
        using var stream = File.OpenRead(path);
        return ResponseModel.Load(stream);
    }

    private Served Serve(ResponseModel responder) => new(new SandboxModel(responder, _reward.Value, _judging));

    private T Cached<T>(string name, Func<T> train, Action<T, Stream> save, Func<Stream, T> load)
    {
        var path = Path.Combine(_cacheFolder, $"{name}-{_version}.model");
        if (File.Exists(path))
        {
            try
            {
                using var stream = File.OpenRead(path);
                return load(stream);
            }
            catch (InvalidDataException)
            {
                // Damaged: it is made again below.
            }
        }

        var model = train();
        try
        {
            foreach (var old in Directory.EnumerateFiles(_cacheFolder, name + "-*.model"))
            {
                File.Delete(old);
            }

            StateFolder.Write(path, stream => save(model, stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without room for the cache the model is made again at the next start.
        }

        return model;
    }

    private sealed class Served(SandboxModel model) : IServedModel
    {
        public ModelAnswer Complete(IReadOnlyList<Message> messages, double temperature, double topP, int maxTokens, ulong seed)
        {
            var reply = SandboxChatEngine.Complete(model, messages, temperature, topP, maxTokens, unchecked((long)seed));
            return new ModelAnswer(reply.Text, reply.FinishReason is "length");
        }
    }

    private sealed class Run(FineTuningRun run) : ITrainingRun
    {
        public int EpochsDone => run.EpochsDone;

        public int StepsPerEpoch => run.StepsPerEpoch;

        public int TotalSteps => run.TotalSteps;

        public long ParameterCount => run.TrainableParameters;

        public void RunEpoch(Action<TrainingStep> onStep, CancellationToken cancellationToken) =>
            run.RunEpoch(step => onStep(new TrainingStep(step.Step, step.Loss, step.ValidationLoss)), cancellationToken);

        public void Save(Stream stream) => run.Save(stream);

        public void SaveModel(Stream stream) => run.ToModel().Save(stream);
    }
}
