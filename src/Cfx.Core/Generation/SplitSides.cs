namespace Cfx.Core.Generation;

/// <summary>Which side of the split each item is on.</summary>
public sealed class SplitSides
{
    public const string Train = "train";
    public const string Validation = "validation";
    public const string Test = "test";

    private readonly Dictionary<string, string> _sides;

    /// <param name="sides">A side for each item id.</param>
    public SplitSides(IEnumerable<KeyValuePair<string, string>> sides) => _sides = new Dictionary<string, string>(sides, StringComparer.Ordinal);

    /// <summary>Reads split.jsonl.</summary>
    /// <exception cref="MisuseException">The file is missing or broken; names file and what is wrong.</exception>
    public static async Task<SplitSides> LoadAsync(string path, CancellationToken cancellationToken)
    {
        var sides = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var line in JsonLines.ReadAsync(path, cancellationToken))
        {
            var side = JsonLines.Text(line, "side", path);
            var id = JsonLines.Text(line, "item_id", path);
            if (side is not (Train or Validation or Test))
            {
                throw new MisuseException($"{path}: item {id} is on the side \"{side}\"; known are train, validation and test.");
            }

            if (!sides.TryAdd(id, string.Intern(side)))
            {
                throw new MisuseException($"{path}: item {id} is assigned twice; make the split again.");
            }
        }

        return new SplitSides(sides);
    }

    /// <summary>True when the item is on the training or the validation side, whose answers are improved.</summary>
    public bool IsForTraining(string itemId) => _sides.GetValueOrDefault(itemId) is Train or Validation;

    /// <summary>True when the item's context is a test context.</summary>
    public bool IsTest(string itemId) => _sides.GetValueOrDefault(itemId) is Test;
}
