using System.Collections.Frozen;

namespace Cfx.Build.Options;

/// <summary>The one place that says which options are part of a stage's fingerprint. A new option goes into one of the two lists: into
/// identity if another value could change a single byte of what a stage makes, into runtime otherwise.</summary>
public static class OptionRoles
{
    /// <summary>Options that say what is made.</summary>
    public static readonly FrozenSet<string> Identity = FrozenSet.ToFrozenSet(
        [
            "study-name", "study-seed", "study-provider", "study-base-url",
            "split-test-share", "split-seed",
            "process-method", "process-provider", "process-base-url", "process-max-conversations", "process-model", "process-temperature", "process-top-p", "process-max-tokens",
            "finetune-model", "finetune-epochs", "finetune-learning-rate", "finetune-suffix", "finetune-lora", "finetune-full",
            "finetune-lora-rank", "finetune-batch-size", "finetune-max-conversations", "finetune-train-split", "finetune-max-context-turns",
            "finetune-training", "finetune-dpo-beta", "finetune-replicates",
            "respond-temperature", "respond-top-p", "respond-max-tokens",
            "evaluate-model1", "evaluate-model2", "evaluate-provider", "evaluate-base-url", "evaluate-judge", "evaluate-test-size", "evaluate-temperature", "evaluate-max-tokens",
            "analyze-bootstrap", "analyze-margin", "analyze-planned",
            "evaluate-mode", "evaluate-judges", "evaluate-warn-incomplete", "evaluate-max-incomplete", "evaluate-allow-overlap", "audit-size", "blind-size",
        ],
        StringComparer.Ordinal);

    /// <summary>Options that say only how, when or where; of files named by an option the content counts, not the name.</summary>
    public static readonly FrozenSet<string> Runtime = FrozenSet.ToFrozenSet(
        [
            "study-input", "study-prompts", "study-force", "study-mode", "study-no-wait", "study-batch-threshold", "study-batch-check-interval", "study-batch-deadline",
            "study-lost-reply-window", "study-allow-missing",
            "study-budget", "study-prices", "study-allow-unknown-price", "study-pilot",
            "process-input", "process-output", "process-delay", "process-max-concurrency",
            "finetune-input", "finetune-no-monitor", "finetune-check-interval", "finetune-deadline",
            "finetune-max-jobs", "finetune-wandb-project",
            "respond-max-concurrency",
            "evaluate-conversations", "evaluate-output", "evaluate-delay", "evaluate-max-concurrency",
            "analyze-input", "analyze-output", "calibrate-studies", "calibrate-resamples", "calibrate-seed",
            "serving-stop-all", "serving-way", "serving-deadline", "serving-idle-minutes", "serving-hardware", "serving-max-minutes",
            "serving-deployments-url", "serving-inference-url",
            "sandbox-port", "sandbox-latency", "sandbox-fault-rate", "sandbox-rate-limit", "sandbox-state",
            "sandbox-fault-kinds", "sandbox-fault", "sandbox-rehearsal", "sandbox-serving", "sandbox-serverless", "sandbox-serving-start",
            "sandbox-job-time", "sandbox-batch-time",
            "store-verify", "store-export", "store-import", "store-retry", "store-prune-days", "store-prune-study",
            "jobs-cancel", "remote-delete", "remote-all",
            "diff-baseline", "blind-read",
            "test-area",
            "clean-include-paid",
        ],
        StringComparer.Ordinal);

    public static OptionRole Of(OptionDefinition option) =>
        Identity.Contains(option.QualifiedName) ? OptionRole.Identity
        : Runtime.Contains(option.QualifiedName) ? OptionRole.Runtime
        : OptionRole.Unclassified;
}
