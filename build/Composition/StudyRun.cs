using Cfx.Build.Composition.Providers;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Generation;
using Cfx.Core.Redaction;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition;

/// <summary>What the stages of one run share.</summary>
internal sealed class StudyRun(
    OptionValues options, string root, IReadOnlyList<string> requested, ProviderSession providers, IProgressSink progress, ILoggerFactory logging, TimeProvider time,
    Planning.StudyMoney? money = null, Func<string, string?>? variable = null)
{
    public OptionValues Options { get; } = options;

    public string Root { get; } = root;

    public ProviderSession Providers { get; } = providers;

    public IProgressSink Progress { get; } = progress;

    public TimeProvider Time { get; } = time;

    /// <summary>The commit of the project's folder; null when it is not known.</summary>
    public string? Commit => GitCommit.Of(Root, variable ?? (static _ => null));

    public StudyPlan Plan { get; } = new(options);

    /// <summary>The targets of this run; none until it begins.</summary>
    public IReadOnlyList<string> Executing { get; set; } = [];

    /// <summary>Looks whether the models are there before the run buys its first thing.</summary>
    public StudyPreflight Preflight => field ??= new(this, Providers);

    /// <summary>The training jobs of this run.</summary>
    public Stages.ArmJobs Jobs { get; } = new();

    /// <summary>What the study may spend; null where nothing costs money. Opened when first needed.</summary>
    public Core.Spending.IBudget? Budget => money is not null && !Providers.IsFree ? money.Budget : null;

    /// <summary>What a job costs at most where its provider does not say; null, or an answer of null, for not known.</summary>
    public Func<Core.Training.JobRecord, Core.Training.FineTuningEstimate?, decimal?>? JobPrice => money is not null && !Providers.IsFree ? money.JobUsd : null;

    public StudyLayout Layout { get; } = new(
        root, options.Text("study", "name") + (options.Provider == "sandbox" ? StudyLayout.SandboxEnding : string.Empty));

    /// <summary>Whether a target was asked for by name.</summary>
    public bool IsRequested(string target) => requested.Contains(target, StringComparer.OrdinalIgnoreCase);

    public int Seed => (int)Options.WholeNumber("study", "seed");

    public string PromptFolder => Full(Options.Text("study", "prompts"));

    /// <summary>A path of the user's, relative to the project's folder.</summary>
    public string Full(string path) => Path.GetFullPath(path, Root);

    public ILogger Logger<T>() => logging.CreateLogger(typeof(T).Name);

    /// <summary>The recipe of a stage that asks no provider.</summary>
    public StageRecipe FreeRecipe(
        string stage, int version, IReadOnlyDictionary<string, string> parameters, IReadOnlyList<StageInput> inputs, params IReadOnlyList<string> outputs) =>
        new(stage, version, string.Empty, Paid: false, WithRedaction(parameters), inputs, outputs) { Sandbox = Providers.IsSandbox, SplitPath = SplitOf(stage, outputs) };

    /// <summary>The recipe of a stage that asks its section's provider, and costs money unless that is the sandbox.</summary>
    public StageRecipe ProviderRecipe(
        string stage, int version, IReadOnlyDictionary<string, string> parameters, IReadOnlyList<StageInput> inputs, params IReadOnlyList<string> outputs) =>
        ProviderRecipe(Providers.Role(StageTargets.SectionOf(stage)), stage, version, parameters, inputs, outputs);

    private StageRecipe ProviderRecipe(
        ProviderRole role, string stage, int version, IReadOnlyDictionary<string, string> parameters, IReadOnlyList<StageInput> inputs, IReadOnlyList<string> outputs) =>
        new(stage, version, role.Identity, Paid: !role.IsSandbox, WithRedaction(parameters), inputs, outputs) { Sandbox = Providers.IsSandbox, SplitPath = SplitOf(stage, outputs) };

    // Everything of the study from the split on stands in its folders; Filter comes before, and files of the user's have no split.
    private string? SplitOf(string stage, IReadOnlyList<string> outputs) => stage != StageTargets.Filter
        && ((string[])[Layout.DataFolder, Layout.ModelsFolder, Layout.ResultsFolder]).Any(f => outputs[0].StartsWith(f + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            ? Layout.SplitCounts
            : null;

    // Text that a rule strikes may appear in any stage, since models write it too; without rules nothing is said, as ever.
    private IReadOnlyDictionary<string, string> WithRedaction(IReadOnlyDictionary<string, string> parameters) => Options.Redactor.IsEmpty
        ? parameters
        : new Dictionary<string, string>(parameters, StringComparer.Ordinal) { ["redact"] = Options.Redactor.Identity };

    /// <summary>The identity options of some sections with their values.</summary>
    /// <param name="values">The run's options, or one arm's.</param>
    /// <param name="names">Sections, or single options by qualified name.</param>
    public static Dictionary<string, string> Identity(OptionValues values, params IReadOnlyList<string> names)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var chosen = values.Catalog.FindQualified(name) is { } one ? [one] : values.Catalog.Identity(name);
            foreach (var option in chosen)
            {
                if (values.TextOrNull(option.Section, option.Key) is { } text)
                {
                    parameters[option.QualifiedName] = text;
                }
            }
        }

        return parameters;
    }

    /// <summary>What the answers that an artifact is made of cost: nothing where all providers are free, else what was paid for them, in this run or
    /// an earlier one.</summary>
    public StageCost Cost(long promptTokens, long completionTokens, CostTally cost) => new(promptTokens, completionTokens, Providers.IsFree ? 0 : cost.Usd);

    public GenerationSettings Settings(string section, string model) => new(
        model,
        Options.Number(section, "temperature"),
        Options.Catalog.Find(section, "top-p") is null ? 1 : Options.Number(section, "top-p"),
        (int)Options.WholeNumber(section, "max-tokens"));

    /// <summary>Whether calls may go by batch in this run.</summary>
    public bool Batches => Composition.Providers.BatchPrefetching.Mode(Options) != Together.Batch.BatchMode.Direct;

    /// <summary>Has the answers to a stage's requests in the store where they go by batch; batches of an earlier run are collected in every mode.</summary>
    /// <param name="section">Whose calls they are.</param>
    /// <param name="requests">Opens the requests that the stage is about to make.</param>
    /// <param name="cancellationToken">Stops; batches go on at the provider.</param>
    /// <exception cref="Core.WorkPendingException">Batches go on, and the run does not wait for them.</exception>
    public async Task PrefetchAsync(string section, Func<IAsyncEnumerable<ChatRequest>> requests, CancellationToken cancellationToken) =>
        await (await Providers.BatchesAsync(section, Progress, cancellationToken)).RunAsync(() => WithoutRedacted(requests()), cancellationToken);

    /// <summary>Sends such requests by batch and does not wait for them; null when nothing goes by batch.</summary>
    public Func<CancellationToken, Task>? Ahead(string section, Func<CancellationToken, Task<IAsyncEnumerable<ChatRequest>>> requests) => !Batches ? null
        : async cancellationToken =>
        {
            var asked = await requests(cancellationToken);
            await (await Providers.BatchesAsync(section, Progress, cancellationToken)).SubmitAsync(() => WithoutRedacted(asked), cancellationToken);
        };

    // Batches pass the chat models by, and their answers are found by the requests that those send.
    private IAsyncEnumerable<ChatRequest> WithoutRedacted(IAsyncEnumerable<ChatRequest> requests) => Options.Redactor.IsEmpty
        ? requests
        : requests.Select(r => RedactingChatModel.Redact(r, Options.Redactor));

    public int Concurrency(string section) => (int)Options.WholeNumber(section, "max-concurrency");
}
