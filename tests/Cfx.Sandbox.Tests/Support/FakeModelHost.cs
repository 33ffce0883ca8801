using System.Globalization;
using Cfx.Core.Conversations;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Tests.Support;

/// <summary>Models whose every answer tells what they were asked, so that the server can be tested without theirs.</summary>
internal sealed class FakeModelHost : IModelHost
{
    public const string Small = "fake/small";
    public const string Judge = "fake/judge";

    public IReadOnlyList<ServedModelInfo> BaseModels { get; } =
    [
        new(Small, "Small", 1_000, new TrainingLimits(1, 4, 8, 10, 5, 0, 1)),
        new(Judge, "Judge", 1_000, null),
    ];

    /// <summary>Called at every opening of a base model; may throw.</summary>
    public Action OnOpen { get; init; } = () => { };

    public string ContentVersion => "fake-1";

    public int CountTokens(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public Task<IServedModel> OpenBaseAsync(string name, CancellationToken cancellationToken)
    {
        OnOpen();
        return Task.FromResult<IServedModel>(new FakeModel(name));
    }

    public async Task<IServedModel> OpenTunedAsync(string baseName, string path, CancellationToken cancellationToken) =>
        new FakeModel($"{baseName} tuned {await File.ReadAllTextAsync(path, cancellationToken)}");

    public async Task<ITrainingRun> BeginTrainingAsync(TrainingOrder order, string? resumeFrom, CancellationToken cancellationToken)
    {
        var run = new FakeRun(order);
        if (resumeFrom is not null)
        {
            run.Restore(await File.ReadAllTextAsync(resumeFrom, cancellationToken));
        }

        return run;
    }

    private sealed class FakeModel(string name) : IServedModel
    {
        public ModelAnswer Complete(IReadOnlyList<Message> messages, double temperature, double topP, int maxTokens, ulong seed)
        {
            var words = $"[{name}] heard {messages[^1].Content} seed {seed}".Split(' ');
            return new ModelAnswer(string.Join(' ', words.Take(maxTokens)), words.Length > maxTokens);
        }
    }

    /// <summary>A training whose result depends on every example, in order, of every step.</summary>
    private sealed class FakeRun(TrainingOrder order) : ITrainingRun
    {
        private string _weights = "start";

        public int EpochsDone { get; private set; }

        public int StepsPerEpoch => (order.Training.Count + order.BatchSize - 1) / order.BatchSize;

        public int TotalSteps => StepsPerEpoch * order.Epochs;

        public long ParameterCount => order.LoraRank ?? 1_000;

        public void RunEpoch(Action<TrainingStep> onStep, CancellationToken cancellationToken)
        {
            for (var i = 0; i < StepsPerEpoch; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var batch = order.Training.Skip(i * order.BatchSize).Take(order.BatchSize)
                    .SelectMany(example => example.Messages).Where(message => message.IsTrained).Select(message => message.Content);
                _weights = ContentId.Hex(16, [_weights, order.LearningRate.ToString(CultureInfo.InvariantCulture), .. batch]);
                var step = (EpochsDone * StepsPerEpoch) + i + 1;
                onStep(new TrainingStep(step, 1.0 / step, order.Evaluations > 0 && step == TotalSteps ? 0.5 : null));
            }

            EpochsDone++;
        }

        public void Save(Stream stream) => stream.Write(System.Text.Encoding.UTF8.GetBytes($"{EpochsDone} {_weights}"));

        public void SaveModel(Stream stream) => stream.Write(System.Text.Encoding.UTF8.GetBytes(_weights));

        public void Restore(string saved)
        {
            EpochsDone = int.Parse(saved.Split(' ')[0], CultureInfo.InvariantCulture);
            _weights = saved.Split(' ')[1];
        }
    }
}
