using Cfx.Core.Artifacts;

namespace Cfx.Core.Auditing;

/// <summary>What ties a row of a blind sheet to its row of the key: hashes of the texts that people judged.</summary>
/// <param name="Texts">SHA-256 of all three texts as <see cref="CsvText.Normal"/> gives them.</param>
/// <param name="Letters">SHA-256 of their Latin letters and digits alone, which stay also when a spreadsheet saves a sheet in an encoding without the other signs; null
/// where a text has too few of them to tell texts apart.</param>
internal sealed record BlindTexts(string Texts, string? Letters)
{
    private const char Between = '\u001F';

    public static BlindTexts Of(string conversation, string answerA, string answerB)
    {
        string[] normal = [CsvText.Normal(conversation), CsvText.Normal(answerA), CsvText.Normal(answerB)];
        var letters = normal.Select(t => string.Concat(t.Where(char.IsAsciiLetterOrDigit))).ToList();
        return new BlindTexts(
            ContentHash.OfText(string.Join(Between, normal)),
            normal.Zip(letters).All(t => 2 * t.Second.Length > t.First.Count(c => !char.IsWhiteSpace(c))) ? ContentHash.OfText(string.Join(Between, letters)) : null);
    }

    /// <summary>Whether a row that was read back holds these texts.</summary>
    public bool AreIn(BlindTexts read) => read.Texts == Texts || (Letters is not null && read.Letters == Letters);
}
