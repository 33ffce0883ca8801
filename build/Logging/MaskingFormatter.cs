using System.Globalization;
using Cfx.Build.Host;
using Serilog.Events;
using Serilog.Formatting;

namespace Cfx.Build.Logging;

/// <summary>Formats as another formatter does, and hides secrets in the result, whichever part of the event they came with.</summary>
internal sealed class MaskingFormatter(ITextFormatter inner, SecretMask mask) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        inner.Format(logEvent, text);
        output.Write(mask.Apply(text.ToString()));
    }
}
