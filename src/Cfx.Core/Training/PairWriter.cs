namespace Cfx.Core.Training;

/// <summary>Writes the preference pairs of all methods that want them: the same items in each, so that arms differ in the preferred answers
/// alone.</summary>
internal sealed class PairWriter(PrepareOptions options)
{
    /// <summary>One for each method, in the options' order. Their owner commits and disposes them.</summary>
    public IReadOnlyList<ArmWriter> Arms { get; } = [.. options.PreferenceMethods.Select(m => new ArmWriter(PrepareOptions.PairsOf(m), options))];

    /// <summary>Adds an item that every method can use; one whose answer was liked has no pair and is passed over.</summary>
    public async Task AddAsync(
        string itemId,
        string side,
        bool isValidation,
        IReadOnlyList<ProcessedIndex> indexes,
        IReadOnlyList<ProcessedIndex.Entry?> entries,
        LeftOutWriter leftOut,
        CancellationToken cancellationToken)
    {
        var wanted = options.PreferenceMethods.Select(method => Enumerable.Range(0, indexes.Count).First(i => indexes[i].Method == method)).ToList();
        if (wanted.Exists(i => entries[i]!.IsPositive))
        {
            return;
        }

        var faulty = wanted.FindAll(i => entries[i]!.PairFault is not null);
        foreach (var i in faulty)
        {
            await leftOut.AddAsync(itemId, PrepareOptions.PairsOf(indexes[i].Method), side, "no_pair", entries[i]!.PairFault, cancellationToken);
        }

        for (var i = 0; faulty.Count == 0 && i < wanted.Count; i++)
        {
            var line = await indexes[wanted[i]].PairAsync(entries[wanted[i]]!, options.MaxContextTurns, cancellationToken);
            await Arms[i].AddAsync(line, isValidation, isPositive: false, cancellationToken);
        }
    }
}
