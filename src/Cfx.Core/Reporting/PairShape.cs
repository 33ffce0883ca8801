using System.Runtime.InteropServices;
using System.Text.Json;
using Cfx.Core.Conversations;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>A pair's sizes. All lengths are in code points.</summary>
/// <param name="Length1">Of model1's answer.</param>
/// <param name="Length2">Of model2's answer.</param>
/// <param name="Exchanges">User messages in the context; 0 when the file does not tell.</param>
/// <param name="PromptLength">Of the context's last user message; 0 when the file does not tell.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PairShape(int Length1, int Length2, int Exchanges, int PromptLength)
{
    /// <summary>The same pair with the models' names exchanged.</summary>
    public PairShape Exchanged() => this with { Length1 = Length2, Length2 = Length1 };

    /// <summary>Of a row of an evaluation file, ours or of the original scripts.</summary>
    internal static PairShape Of(JsonElement row)
    {
        var (exchanges, prompt) = row.TryGetProperty("context", out var context) ? Context(context) : (0, 0);
        return new PairShape(Length(row, "model1_response"), Length(row, "model2_response"), exchanges, prompt);
    }

    private static (int Exchanges, int PromptLength) Context(JsonElement context)
    {
        if (context.ValueKind != JsonValueKind.Array)
        {
            return (0, 0);
        }

        int exchanges = 0, prompt = 0;
        foreach (var message in context.EnumerateArray())
        {
            if (message.ValueKind == JsonValueKind.Object
                && message.TryGetProperty(RecordFields.Role, out var role) && role.ValueKind == JsonValueKind.String && role.ValueEquals(Roles.User))
            {
                exchanges++;
                prompt = Length(message, RecordFields.Content);
            }
        }

        return (exchanges, prompt);
    }

    private static int Length(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? (int)LengthObservation.LengthOf(value.GetString()!) : 0;
}
