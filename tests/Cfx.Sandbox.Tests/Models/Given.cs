using Cfx.Core.Conversations;
using Cfx.Sandbox.Models;

namespace Cfx.Sandbox.Tests.Models;

/// <summary>The corpus and the models made from it, made once for all tests that only read them.</summary>
internal static class Given
{
    private static readonly Lazy<SandboxCorpus> LazyCorpus = new(SandboxCorpus.LoadEmbedded);
    private static readonly Lazy<ResponseModel> LazySmall = new(() => BaseModels.Train(BaseModels.Small, Corpus, CancellationToken.None));
    private static readonly Lazy<ResponseModel> LazyLarge = new(() => BaseModels.Train(BaseModels.Large, Corpus, CancellationToken.None));
    private static readonly Lazy<RewardModel> LazyReward =
        new(() => RewardModel.Train(Large, Corpus.Preferences, Corpus.Pairs, CancellationToken.None));

    public static readonly JudgeSettings Exact = new(TieMargin: 0, PositionBias: 0, Noise: 0);

    public static SandboxCorpus Corpus => LazyCorpus.Value;

    public static ResponseModel Small => LazySmall.Value;

    public static ResponseModel Large => LazyLarge.Value;

    public static RewardModel Reward => LazyReward.Value;

    public static Message User(string text) => new(Roles.User, text);

    public static Message Assistant(string text) => new(Roles.Assistant, text);

    public static SandboxModel Model(ResponseModel responder, JudgeSettings? judging = null) => new(responder, Reward, judging ?? Exact);

    public static string Say(ResponseModel responder, string prompt, double temperature = 0) =>
        SandboxChatEngine.Complete(Model(responder), [User(prompt)], temperature, 0.9, 1000, 1).Text;

    public static TuningExample Example(string prompt, string answer, int weight = 1) =>
        new([User(prompt), Assistant(answer)], [0, weight]);

    public static IReadOnlyList<TuningExample> Examples(IEnumerable<CorpusPair> pairs) =>
        [.. pairs.Select(pair => Example(pair.Prompt, pair.Answer))];

    public static FineTuningRun Finished(
        ResponseModel model, IEnumerable<TuningExample> training, TuningSettings settings, IEnumerable<TuningExample>? validation = null)
    {
        var run = new FineTuningRun(model, training, validation ?? [], settings);
        while (!run.IsFinished)
        {
            run.RunEpoch(onStep: null, CancellationToken.None);
        }

        return run;
    }

    public static byte[] Bytes(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    public static string Section(string name, string text) => $"<{name} id=\"0a1b2c3d\">\n{text}\n</{name} id=\"0a1b2c3d\">\n";

    public static string JudgeRequest(string prompt, string first, string second) =>
        Section("conversation", $"[user]\n{prompt}") + Section("answer_a", first) + Section("answer_b", second) + "Which is better?";

    public static string RewriteRequest(string prompt, string answer, string feedback) =>
        Section("conversation", $"[user]\n{prompt}") + Section("answer", answer) + Section("feedback", feedback) + "Improve the answer.";
}
