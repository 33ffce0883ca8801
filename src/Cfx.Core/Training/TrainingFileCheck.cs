namespace Cfx.Core.Training;

/// <summary>Checks training examples in the strict form that every provider accepts, before anything is uploaded.</summary>
public static class TrainingFileCheck
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>What is wrong with one example, or null.</returns>
    public static string? Fault(IReadOnlyList<TrainingMessage> example) => Fault(TrainingLine.Write(example).Span);

    /// <param name="line">One line of a training file without its end.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Fault(ReadOnlySpan<byte> line) =>
        line.Trim(" \t\r"u8).IsEmpty ? "a blank line" : TrainingLineCheck.Fault(line);

    /// <param name="line">One line of a training file without its end.</param>
    /// <param name="kind">What it is for.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Fault(ReadOnlySpan<byte> line, TrainingKind kind) =>
        kind is TrainingKind.Sft ? Fault(line) : line.Trim(" \t\r"u8).IsEmpty ? "a blank line" : PreferenceLineCheck.Fault(line);

    /// <summary>Checks every line of a file of conversations.</summary>
    public static Task<TrainingFileReport> CheckFileAsync(string path, int maxFaults, CancellationToken cancellationToken) =>
        CheckFileAsync(path, TrainingKind.Sft, maxFaults, cancellationToken);

    /// <summary>Checks every line of a file.</summary>
    /// <param name="path">A JSONL file.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="maxFaults">How many faults to keep; all are counted.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="MisuseException">The file cannot be read.</exception>
    public static async Task<TrainingFileReport> CheckFileAsync(
        string path, TrainingKind kind, int maxFaults, CancellationToken cancellationToken)
    {
        var faults = new List<TrainingFileFault>();
        var count = 0;
        var examples = 0;
        var lines = 0;
        await using var stream = RawLines.Open(path, "Prepare writes it.");
        await foreach (var line in RawLines.ReadAsync(stream, cancellationToken))
        {
            lines++;
            var bytes = line.Bytes;
            if (line.Number == 1 && bytes.Span.StartsWith(ByteOrderMark))
            {
                Add(1, "the file begins with a byte order mark");
                bytes = bytes[3..];
            }

            if (Fault(bytes.Span, kind) is { } fault)
            {
                Add(line.Number, fault);
            }
            else
            {
                examples++;
            }
        }

        if (lines == 0)
        {
            Add(0, "the file is empty");
        }

        return new TrainingFileReport(examples, faults, count);

        void Add(int line, string reason)
        {
            count++;
            if (faults.Count < maxFaults)
            {
                faults.Add(new TrainingFileFault(line, reason));
            }
        }
    }
}
