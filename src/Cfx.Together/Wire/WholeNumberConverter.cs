using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cfx.Together.Wire;

/// <summary>Reads a whole number, also one written as text or with a fraction of nothing; anything else counts as not told.</summary>
internal sealed class WholeNumberConverter : JsonConverter<int?>
{
    public override int? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetDouble(out var number):
                return Whole(number);
            case JsonTokenType.String when double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return Whole(number);
            default:
                reader.Skip();
                return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static int? Whole(double number) =>
        double.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;
}
