using System.Security.Cryptography;

namespace Cfx.Core.Artifacts;

/// <summary>What a file holds, whatever its name and times.</summary>
/// <param name="Sha256">Lower-case hexadecimal, 64 digits.</param>
/// <param name="Bytes">The file's length.</param>
public sealed record ContentHash(string Sha256, long Bytes)
{
    /// <summary>Hashes a file in pieces; null when there is none.</summary>
    public static async Task<ContentHash?> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        await using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        long length = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            length += read;
        }

        return new ContentHash(Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    /// <summary>SHA-256 of a text's UTF-8 bytes, lower-case hexadecimal.</summary>
    public static string OfText(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
