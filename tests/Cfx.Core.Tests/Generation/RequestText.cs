using System.Globalization;
using Cfx.Core.Generation;

namespace Cfx.Core.Tests.Generation;

internal static class RequestText
{
    /// <summary>Everything that a request asks, so that equal texts are equal questions.</summary>
    internal static string Of(ChatRequest request) => string.Create(
        CultureInfo.InvariantCulture,
        $"{request.Model} {request.Temperature:R} {request.TopP:R} {request.MaxTokens} {request.Seed} {string.Join('|', request.Messages.Select(m => $"{m.Role}: {m.Content}"))}");
}
