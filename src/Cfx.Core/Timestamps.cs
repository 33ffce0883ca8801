using System.Globalization;

namespace Cfx.Core;

/// <summary>Times as the project's files have them: ISO-8601, UTC, whole seconds.</summary>
internal static class Timestamps
{
    internal static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
