namespace Cfx.Together;

/// <summary>A secret that no message, log or record shows by accident.</summary>
public sealed class ApiKey
{
    private const string Mask = "[key]";
    private readonly string _value;

    /// <param name="value">The secret.</param>
    /// <param name="variable">Where it came from, for messages.</param>
    /// <exception cref="Core.MisuseException">The key is empty or holds characters that no header may hold.</exception>
    public ApiKey(string value, string variable = "TOGETHER_API_KEY")
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new Core.MisuseException($"The API key is empty. Set {variable}.");
        }

        _value = value.Trim();
        if (_value.Any(c => c is <= ' ' or > '~'))
        {
            throw new Core.MisuseException($"The API key holds characters that cannot be part of a key. Copy it anew into {variable}.");
        }
    }

    /// <returns>Never the key.</returns>
    public override string ToString() => Mask;

    /// <summary>Takes the key out of a text that came from elsewhere.</summary>
    public string Redact(string text) => text.Replace(_value, Mask, StringComparison.Ordinal);

    /// <summary>For the Authorization header, or the one field of the wire that is a key, and nothing else.</summary>
    internal string Reveal() => _value;
}
