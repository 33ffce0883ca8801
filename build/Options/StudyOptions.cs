using static Cfx.Build.Options.OptionKind;

namespace Cfx.Build.Options;

/// <summary>The options of this project, as data. A new one also needs a line in <see cref="OptionRoles"/>.</summary>
public static class StudyOptions
{
    private const string LargeModel = "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo";
    private const string BaseModel = "meta-llama/Meta-Llama-3.1-8B-Instruct-Reference";

    /// <summary>The methods that make training data.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["feedback", "alternative", "positive_only"];

    public static OptionCatalog CreateCatalog() => new(
        ["study", "split", "process", "finetune", "respond", "evaluate", "analyze", "calibrate", "audit", "blind", "serving", "sandbox", "store", "jobs", "remote", "diff", "test", "clean"],
        [.. Study(), .. Split(), .. Process(), .. FineTune(), .. Respond(), .. Evaluate(), .. Analyze(), .. Serving(), .. Rest()]);

    private static OptionDefinition[] Study() =>
    [
        new("study", "name", Name, "Names the study's folders in data, models and results.") { Default = "study" },
        new("study", "seed", WholeNumber, "Seeds every choice left to chance but the split.") { Default = "42", PrimaryInStudy = true, Minimum = 0, Maximum = int.MaxValue },
        new("study", "provider", Choice, "Who answers and trains; auto takes Together when TOGETHER_API_KEY is set.")
        {
            Default = "auto", Choices = ["auto", "together", "sandbox", "openai"], PrimaryInStudy = true,
        },
        new("study", "base-url", Address, "Address of the provider's API, where it is not the usual one.") { PrimaryInStudy = true },
        new("study", "input", Text, "The conversations: a JSON array or JSONL.") { Default = "data/conversations.json", ShortNames = ["i"], PrimaryInStudy = true },
        new("study", "prompts", Text, "Folder of the prompt texts.") { Default = "prompts" },
        new("study", "mode", Choice, "How calls are sent: one by one, by batch, or whichever suits.") { Default = "direct", Choices = ["direct", "batch", "auto"], PrimaryInStudy = true },
        new("study", "no-wait", Flag, "Leaves with exit code 3 once batches and jobs are with the provider; a later run collects.") { Default = "false" },
        new("study", "batch-threshold", WholeNumber, "With --mode=auto, the fewest calls to one model that go by batch.") { Default = "200", Minimum = 1, Maximum = 1_000_000 },
        new("study", "batch-check-interval", Number, "Seconds between two looks at a batch.") { Default = "30", SandboxDefault = "0.2", Minimum = 0.01, Maximum = 3600 },
        new("study", "batch-deadline", Number, "Hours to wait for batches.") { Default = "72", SandboxDefault = "1", Minimum = 0.001, Maximum = 720 },
        new("study", "allow-missing", Flag, "Goes on without the items whose calls got no usable reply; they are left out for good.") { Default = "false" },
        new("study", "lost-reply-window", Number, "Seconds that a job, batch or deployment whose creating call got no reply may take to appear at the provider, before it is made again.")
        {
            Default = "60", SandboxDefault = "1", Minimum = 0.1, Maximum = 3600,
        },
        new("study", "budget", Number, "The most US dollars that the study may cost, over all its runs.") { Minimum = 0, Maximum = 1_000_000 },
        new("study", "prices", Text, "A file of prices, before the provider's own and the project's."),
        new("study", "allow-unknown-price", Flag, "Buys also where no price is known; it is counted, but not held against the budget.") { Default = "false" },
        new("study", "pilot", WholeNumber, "How many conversations the target Pilot runs through everything but training.") { Default = "30", Minimum = 1, Maximum = 100_000, CommandLineOnly = true },
        new("study", "force", Flag, "Runs the requested targets even if they are up to date.") { Default = "false", CommandLineOnly = true },
    ];

    private static OptionDefinition[] Split() =>
    [
        new("split", "test-share", Number, "Share of the items kept for testing.") { Default = "0.2", SandboxDefault = "0.3", Minimum = 0.01, Maximum = 0.9 },
        new("split", "seed", WholeNumber, "Seeds the split, apart from all else that is left to chance.") { Default = "42", Minimum = 0, Maximum = int.MaxValue },
    ];

    private static OptionDefinition[] Process() =>
    [
        new("process", "method", Choice, "The one method to process; all of the study's if not given.") { Choices = Methods },
        new("process", "input", Text, "Processes this file as a job of its own, without Filter and Split.") { ShortNames = ["i"] },
        new("process", "output", Text, "Where to write the improved conversations.") { ShortNames = ["o"] },
        new("process", "max-conversations", WholeNumber, "Processes at most this many items.") { ShortNames = ["n"], Minimum = 1, PrimaryInStudy = true },
        new("process", "delay", Number, "Seconds between two calls.") { ShortNames = ["d"], Default = "0.1", SandboxDefault = "0", Minimum = 0, Maximum = 3600 },
        new("process", "model", Text, "The model that writes improved answers.") { ShortNames = ["m"], Default = LargeModel, SandboxDefault = "sandbox/large" },
        Provider("process", "Who rewrites answers."),
        BaseUrl("process"),
        Temperature("process", "0.3"),
        TopP("process"),
        MaxTokens("process", "1000"),
        Concurrency("process"),
    ];

    private static OptionDefinition[] FineTune() =>
    [
        new("finetune", "input", Text, "Trains on this processed file as a job of its own.") { ShortNames = ["i"] },
        new("finetune", "model", Text, "The model that training starts from.") { ShortNames = ["m"], Default = BaseModel, SandboxDefault = "sandbox/small" },
        new("finetune", "epochs", WholeNumber, "Passes over the training data.") { ShortNames = ["e"], Default = "3", Minimum = 1, Maximum = 20 },
        new("finetune", "learning-rate", Number, "Size of a training step.") { ShortNames = ["lr"], Default = "1e-5", SandboxDefault = "0.05", Minimum = 0, Maximum = 1 },
        new("finetune", "suffix", Name, "Becomes part of the tuned model's name.") { ShortNames = ["s"] },
        new("finetune", "lora", Flag, "Trains low-rank adapters.") { Default = "true" },
        new("finetune", "full", Flag, "Trains all weights instead of adapters.") { Default = "false" },
        new("finetune", "lora-rank", WholeNumber, "Rank of the adapters.") { Default = "8", Minimum = 1, Maximum = 256 },
        new("finetune", "batch-size", WholeNumber, "Examples a training step.") { ShortNames = ["b"], Default = "max", Words = ["max"], Minimum = 1, Maximum = 1024 },
        new("finetune", "no-monitor", Flag, "Returns once the job is created; the next run picks it up.") { Default = "false" },
        new("finetune", "check-interval", Number, "Seconds between two looks at a job.") { Default = "30", SandboxDefault = "0.2", Minimum = 0.01, Maximum = 3600 },
        new("finetune", "deadline", Number, "Hours to wait for a job.") { Default = "24", SandboxDefault = "1", Minimum = 0.001, Maximum = 720, PrimaryInStudy = true },
        new("finetune", "max-conversations", WholeNumber, "Trains on at most this many conversations.") { Minimum = 1 },
        new("finetune", "train-split", Number, "Share of what is not for testing to train on; the rest validates.") { Default = "0.9", Minimum = 0.1, Maximum = 1 },
        new("finetune", "max-context-turns", WholeNumber, "Keeps at most this many turns before the answer.") { Minimum = 1 },
        new("finetune", "training", Choice, "Learns answers (sft), or pairs of the improved and the disliked answer (dpo).") { Default = "sft", Choices = ["sft", "dpo"] },
        new("finetune", "dpo-beta", Number, "How closely dpo keeps to the base model.") { Default = "0.1", Minimum = 0.0001, Maximum = 10 },
        new("finetune", "replicates", WholeNumber, "Trains each arm this many times with different seeds.") { Default = "1", Minimum = 1, Maximum = 20 },
        new("finetune", "max-jobs", WholeNumber, "Training jobs under way at once.") { Default = "4", Minimum = 1, Maximum = 64 },
        new("finetune", "wandb-project", Text, "Reports training curves to this Weights & Biases project; the key is WANDB_API_KEY."),
    ];

    private static OptionDefinition[] Respond() =>
    [
        Temperature("respond", "0.7"),
        TopP("respond"),
        MaxTokens("respond", "1000"),
        Concurrency("respond"),
    ];

    private static OptionDefinition[] Evaluate() =>
    [
        new("evaluate", "model1", Text, "An arm or a model to compare.") { ShortNames = ["m1"] },
        new("evaluate", "model2", Text, "What to compare it with.") { ShortNames = ["m2"] },
        new("evaluate", "judge", Text, "The model that judges.") { ShortNames = ["j"], Default = LargeModel, SandboxDefault = "sandbox/judge" },
        new("evaluate", "conversations", Text, "Takes the test contexts from this file instead of the split.") { ShortNames = ["c"] },
        new("evaluate", "test-size", WholeNumber, "Judges at most this many contexts.") { ShortNames = ["n"], Default = "1000", Minimum = 1 },
        new("evaluate", "delay", Number, "Seconds between two calls.") { ShortNames = ["d"], Default = "0.5", SandboxDefault = "0", Minimum = 0, Maximum = 3600 },
        new("evaluate", "output", Text, "Where to write a comparison.") { ShortNames = ["o"] },
        new("evaluate", "mode", Choice, "Compares models, or (feedback) the improved with the original answers of the one processed file given with --conversations.")
        {
            Default = "compare", Choices = ["compare", "feedback"], CommandLineOnly = true,
        },
        new("evaluate", "judges", List, "Several models that judge, each by itself and by majority, instead of the one."),
        new("evaluate", "warn-incomplete", Number, "Above this share of incomplete pairs the report is marked.") { Default = "0.02", Minimum = 0, Maximum = 1 },
        new("evaluate", "max-incomplete", Number, "Above this share of incomplete pairs Evaluate fails.") { Default = "0.1", Minimum = 0, Maximum = 1 },
        new("evaluate", "allow-overlap", Flag, "Concludes, with a marked report, although more than 1 % of the test was seen in training.") { Default = "false" },
        Provider("evaluate", "Who judges."),
        BaseUrl("evaluate"),
        Temperature("evaluate", "0"),
        MaxTokens("evaluate", "1024"),
        Concurrency("evaluate"),
    ];

    private static OptionDefinition[] Analyze() =>
    [
        new("analyze", "input", Text, "Analyses this evaluation file, ours or of the original scripts, instead of the study's. May be repeated.")
        {
            ShortNames = ["i"], IsRepeatable = true, CommandLineOnly = true,
        },
        new("analyze", "output", Text, "With --input: the folder for analysis.json and report.md; results/analysis if not given.") { ShortNames = ["o"], CommandLineOnly = true },
        new("analyze", "bootstrap", WholeNumber, "Resamples behind each bootstrap interval; 0 leaves these intervals out.") { Default = "10000", Minimum = 0, Maximum = 1_000_000 },
        new("analyze", "margin", Number, "Tests whether arms are equal to within this distance of the win rate from one half, such as 0.05.") { Minimum = 0.0001, Maximum = 0.4999 },
        new("analyze", "planned", WholeNumber, "The pairs that each comparison was planned with, if not the study's; with fewer there is no p-value.") { Minimum = 1, Maximum = int.MaxValue },
        new("calibrate", "studies", WholeNumber, "How many studies to simulate for each setting.") { Default = "20000", Minimum = 1, Maximum = 10_000_000, CommandLineOnly = true },
        new("calibrate", "resamples", WholeNumber, "Resamples of each bootstrap interval, which is taken at the level at which its ends are as far out as a report's.") { Default = "199", Minimum = 40, Maximum = 1_000_000, CommandLineOnly = true },
        new("calibrate", "seed", WholeNumber, "Seeds the simulation.") { Default = "20240601", Minimum = 0, Maximum = int.MaxValue, CommandLineOnly = true },
    ];

    private static OptionDefinition[] Serving() =>
    [
        new("serving", "stop-all", Flag, "Stops what this project runs at the provider.") { Default = "false", CommandLineOnly = true },
        new("serving", "way", Choice, "How the models that meet are served; auto takes the first that the account has.")
        {
            Default = "auto", Choices = ["auto", "name", "v2", "v1"],
        },
        new("serving", "deadline", Number, "Minutes to wait until a model answers.") { Default = "30", Minimum = 1, Maximum = 1440 },
        new("serving", "idle-minutes", WholeNumber, "Minutes without a call after which the provider stops a model by itself.") { Default = "15", Minimum = 1, Maximum = 1440 },
        new("serving", "hardware", Text, "The hardware to serve on; the cheapest if not given."),
        new("serving", "max-minutes", Number, "The longest that one model is served; as long as it is asked if not given.") { Minimum = 1, Maximum = 43200 },
        new("serving", "deployments-url", Address, "Address of the provider's v2 API, where it is not beside the usual one."),
        new("serving", "inference-url", Address, "Address that takes the calls to v2 deployments, where it is not the usual one."),
    ];

    private static OptionDefinition[] Rest() =>
    [
        new("audit", "size", WholeNumber, "Pairs to judge: half of them rewrites of disliked answers, half alternatives to liked ones.") { Default = "200", Minimum = 2, Maximum = 100_000 },
        new("blind", "size", WholeNumber, "Pairs to write out for people to judge.") { Default = "100", Minimum = 1, Maximum = 100_000 },
        new("blind", "read", Text, "Reads people's verdicts back from this CSV file.") { CommandLineOnly = true },
        new("sandbox", "port", WholeNumber, "Port to serve on; 0 takes a free one.") { Default = "8971", Minimum = 0, Maximum = 65535 },
        new("sandbox", "latency", Number, "Milliseconds before each reply.") { Default = "0", Minimum = 0, Maximum = 60000 },
        new("sandbox", "fault-rate", Number, "Share of calls that fail as a busy service's would.") { Default = "0", Minimum = 0, Maximum = 1 },
        new("sandbox", "fault-kinds", List, "What fails at that rate, as in docs/sandbox.md; what a busy service does if not given."),
        new("sandbox", "fault", Text, "Calls that fail: 'POST /fine-tunes #3 drop-after'. May be repeated.") { IsRepeatable = true },
        new("sandbox", "rate-limit", Number, "Calls a second before 429; 0 for no limit.") { Default = "0", Minimum = 0, Maximum = 100000 },
        new("sandbox", "rehearsal", Flag, "Poses as a paid provider, with prices and bills.") { Default = "false" },
        new("sandbox", "serving", Choice, "How tuned models answer: by name, or through a deployment (v2) or an endpoint (v1).") { Default = "name", Choices = ["name", "v2", "v1"] },
        new("sandbox", "serverless", List, "Models that answer by name all the same.") { Default = "sandbox/large,sandbox/judge" },
        new("sandbox", "serving-start", Number, "Seconds until a deployment or endpoint is ready.") { Default = "1", Minimum = 0, Maximum = 86400 },
        new("sandbox", "job-time", Number, "Seconds that a fine-tuning job takes at least.") { Default = "0", Minimum = 0, Maximum = 86400 },
        new("sandbox", "batch-time", Number, "Seconds that a batch takes at least.") { Default = "0", Minimum = 0, Maximum = 86400 },
        new("sandbox", "state", Text, "Folder of the sandbox's files, jobs and models.") { Default = ".cfx/sandbox" },
        new("store", "verify", Flag, "Looks for damage.") { Default = "false", CommandLineOnly = true },
        new("store", "export", Text, "Writes all answers to this JSONL file.") { CommandLineOnly = true },
        new("store", "import", Text, "Adds the answers of such a file; those that are there stay as they are.") { CommandLineOnly = true },
        new("store", "retry", Flag, "Lets the requests be asked again that were given up because they got no usable reply in several runs.") { Default = "false", CommandLineOnly = true },
        new("store", "prune-days", WholeNumber, "Throws away answers older than this many days.") { Minimum = 0, Maximum = 36500, CommandLineOnly = true },
        new("store", "prune-study", Name, "Throws away answers that this study was the first to ask for.") { CommandLineOnly = true },
        new("jobs", "cancel", Text, "Cancels this job, or all of the study's that have not ended.") { CommandLineOnly = true },
        new("remote", "delete", Flag, "Deletes what no record of the study needs any more.") { Default = "false", CommandLineOnly = true },
        new("remote", "all", Flag, "With --delete: everything that this project left there.") { Default = "false", CommandLineOnly = true },
        new("diff", "baseline", Text, "The results folder of the study to compare with.") { CommandLineOnly = true },
        new("test", "area", Choice, "Which tests to run.") { Default = "all", Choices = ["all", "processing", "finetune", "evaluate", "end-to-end"] },
        new("clean", "include-paid", Flag, "Also removes what was paid for.") { Default = "false", CommandLineOnly = true },
    ];

    private static OptionDefinition Temperature(string section, string value) =>
        new(section, "temperature", Number, "Sampling temperature.") { Default = value, Minimum = 0, Maximum = 2 };

    private static OptionDefinition TopP(string section) =>
        new(section, "top-p", Number, "Samples from this share of the probability.") { Default = "0.9", Minimum = 0.01, Maximum = 1 };

    private static OptionDefinition MaxTokens(string section, string value) =>
        new(section, "max-tokens", WholeNumber, "Longest reply, in tokens.") { Default = value, Minimum = 1, Maximum = 131072 };

    private static OptionDefinition Provider(string section, string help) =>
        new(section, "provider", Choice, $"{help} The study's provider, or another; openai is any OpenAI-compatible server.")
        {
            Default = "study",
            Choices = ["study", "together", "sandbox", "openai"],
        };

    private static OptionDefinition BaseUrl(string section) =>
        new(section, "base-url", Address, "Address of that provider's API, where it is not the usual one.");

    private static OptionDefinition Concurrency(string section) =>
        new(section, "max-concurrency", WholeNumber, "The most calls under way at once.") { Default = "32", Minimum = 1, Maximum = 256 };
}
