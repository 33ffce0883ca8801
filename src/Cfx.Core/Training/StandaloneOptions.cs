using Cfx.Core.Redaction;

namespace Cfx.Core.Training;

/// <summary>How to make training files from one processed file that belongs to no study.</summary>
/// <param name="InputPath">A JSON array or JSONL of processed conversations.</param>
/// <param name="OutputFolder">Receives {name}_training.jsonl and {name}_validation.jsonl, where name is the input's without its extension.</param>
/// <param name="TrainSplit">The share of conversations to learn from, above 0 to 1; the rest is for validation.</param>
/// <param name="MaxConversations">The most records to use, 1 or more, counted after unusable ones are left out; null uses all.</param>
/// <param name="MaxContextTurns">The most messages kept before the answer, 1 or more, the system message not counted; null keeps all.</param>
/// <param name="Seed">Decides which conversations are for validation.</param>
public sealed record StandaloneOptions(
    string InputPath, string OutputFolder, double TrainSplit, int? MaxConversations, int? MaxContextTurns, ulong Seed)
{
    /// <summary>Taken out of every record.</summary>
    public Redactor Redactor { get; init; } = Redactor.None;

    public string InputName => Path.GetFileNameWithoutExtension(InputPath);

    public string TrainingPath => Path.Combine(OutputFolder, $"{InputName}_training.jsonl");

    public string ValidationPath => Path.Combine(OutputFolder, $"{InputName}_validation.jsonl");

    public string LeftOutPath => Path.Combine(OutputFolder, $"{InputName}_prepare.left_out.jsonl");

    public string SummaryPath => Path.Combine(OutputFolder, $"{InputName}_prepare.json");

    /// <exception cref="MisuseException">A value is out of range; every fault is named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (TrainSplit is not (> 0 and <= 1))
        {
            faults.Add(FormattableString.Invariant($"--train-split is {TrainSplit}; it must be above 0 and at most 1"));
        }

        if (MaxConversations is < 1)
        {
            faults.Add($"--max-conversations is {MaxConversations}; it must be 1 or more");
        }

        if (MaxContextTurns is < 1)
        {
            faults.Add($"--max-context-turns is {MaxContextTurns}; it must be 1 or more");
        }

        if (faults.Count > 0)
        {
            throw new MisuseException(string.Join("; ", faults) + ".");
        }
    }
}
