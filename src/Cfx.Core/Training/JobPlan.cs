using System.Globalization;
using Cfx.Core.Artifacts;

namespace Cfx.Core.Training;

/// <summary>What a job is to be made of: its files, checked and hashed, its hyperparameters made consistent, and the fingerprint of all.</summary>
/// <param name="TrainingFile">To learn from; without a file id.</param>
/// <param name="ValidationFile">To score; null for none.</param>
/// <param name="Hyperparameters">With at least one evaluation when there is a validation file, and none without.</param>
/// <param name="Fingerprint">SHA-256 over file contents, base model and hyperparameters, lower-case hexadecimal.</param>
public sealed record JobPlan(JobFile TrainingFile, JobFile? ValidationFile, Hyperparameters Hyperparameters, string Fingerprint)
{
    private const int FaultsShown = 5;

    /// <summary>Checks and hashes the files.</summary>
    /// <exception cref="MisuseException">An option is out of range, or a file is missing or not in the strict form; names the first lines.</exception>
    public static async Task<JobPlan> MakeAsync(FineTuneOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var kind = options.Hyperparameters.DpoBeta is null ? TrainingKind.Sft : TrainingKind.Dpo;
        var training = await DescribeAsync(options.TrainingPath, kind, cancellationToken);
        var hasValidation = options.ValidationPath is { } path && File.Exists(path) && new FileInfo(path).Length > 0;
        var validation = hasValidation ? await DescribeAsync(options.ValidationPath!, kind, cancellationToken) : null;
        var asked = options.Hyperparameters;
        var hyperparameters = asked with
        {
            // A validation file that is never scored would only take examples away from training.
            Evaluations = validation is null ? 0 : Math.Max(1, asked.Evaluations),
            LoraRank = asked.Lora ? asked.LoraRank : null,
        };
        return new JobPlan(training, validation, hyperparameters, Hash(options.BaseModel, training, validation, hyperparameters));
    }

    private static string Hash(string baseModel, JobFile training, JobFile? validation, Hyperparameters h)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"fine-tune 1\n{baseModel}\n{training.Sha256}\n{validation?.Sha256}\n{h.Epochs}\n{h.LearningRate:R}\n{h.BatchSize}\n{h.Lora}\n{h.LoraRank}\n{h.Evaluations}\n{h.Seed}\n");
        if (h.DpoBeta is { } beta)
        {
            // Added only where it is set: plain jobs keep the fingerprints they always had.
            text += string.Create(CultureInfo.InvariantCulture, $"dpo {beta:R}\n");
        }

        return ContentHash.OfText(text);
    }

    private static async Task<JobFile> DescribeAsync(string path, TrainingKind kind, CancellationToken cancellationToken)
    {
        var report = await TrainingFileCheck.CheckFileAsync(path, kind, FaultsShown, cancellationToken);
        if (!report.IsValid)
        {
            var shown = string.Join("; ", report.Faults.Select(f => f.Line == 0 ? f.Reason : $"line {f.Line}: {f.Reason}"));
            var more = report.FaultCount > report.Faults.Count ? $"; and {report.FaultCount - report.Faults.Count} more" : "";
            throw new MisuseException($"{path} is not a training file: {shown}{more}. Run Prepare again, or mend these lines.");
        }

        var hash = await ContentHash.OfFileAsync(path, cancellationToken) ?? throw new MisuseException($"Cannot read '{path}'. Prepare writes it.");
        return new JobFile(Path.GetFileName(path), hash.Sha256, hash.Bytes, report.Examples, null);
    }
}
