namespace Cfx.Core.Training;

/// <summary>What to make training files from.</summary>
/// <param name="DataFolder">Holds the split's training_items.jsonl and one {method}.jsonl a method; receives everything that is made.</param>
/// <param name="RewritingMethods">The methods that rewrite answers ("feedback", "alternative"); one or more.</param>
/// <param name="PositiveOnly">Whether the arm that learns from positive feedback alone is wanted too.</param>
/// <param name="MaxContextTurns">The most messages kept before the answer, 1 or more, the system message not counted; null keeps all.</param>
/// <param name="MaxConversations">The most items to make examples of, 1 or more, counted in file order after unusable ones are left out; null uses
/// all.</param>
public sealed record PrepareOptions(
    string DataFolder, IReadOnlyList<string> RewritingMethods, bool PositiveOnly, int? MaxContextTurns, int? MaxConversations = null)
{
    /// <summary>The method that rewrites nothing and learns from positive feedback alone.</summary>
    public const string PositiveOnlyMethod = Generation.Improvement.PositiveOnlyMethod.MethodName;

    /// <summary>The rewriting methods whose improved answers are also paired with the disliked ones, for preference training.</summary>
    public IReadOnlyList<string> PreferenceMethods { get; init; } = [];

    public string ItemsPath => Path.Combine(DataFolder, "training_items.jsonl");

    public string SummaryPath => Path.Combine(DataFolder, "prepare.json");

    public string LeftOutPath => Path.Combine(DataFolder, "prepare.left_out.jsonl");

    public string ProcessedPath(string method) => Path.Combine(DataFolder, $"{method}.jsonl");

    public string TrainingPath(string method) => Path.Combine(DataFolder, $"{method}_training.jsonl");

    public string ValidationPath(string method) => Path.Combine(DataFolder, $"{method}_validation.jsonl");

    /// <summary>What the files of a method's preference pairs are called by.</summary>
    public static string PairsOf(string method) => $"{method}_dpo";

    /// <exception cref="MisuseException">Something here cannot be meant.</exception>
    public void Validate()
    {
        if (RewritingMethods.Count == 0)
        {
            throw new MisuseException("No rewriting method to prepare training files for; give at least one of feedback, alternative.");
        }

        if (PreferenceMethods.FirstOrDefault(m => !RewritingMethods.Contains(m, StringComparer.Ordinal)) is { } stranger)
        {
            throw new MisuseException($"The method '{stranger}' rewrites no answers, so it has no preference pairs; use one that does, or train on answers (sft).");
        }

        if (MaxContextTurns is < 1)
        {
            throw new MisuseException($"--max-context-turns is {MaxContextTurns}; it must be 1 or more. Leave it out to keep whole contexts.");
        }

        if (MaxConversations is < 1)
        {
            throw new MisuseException($"--max-conversations is {MaxConversations}; it must be 1 or more. Leave it out to use all.");
        }
    }
}
