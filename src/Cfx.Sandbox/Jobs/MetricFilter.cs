using System.Globalization;
using System.Text.Json;
using Cfx.Sandbox.Http;

namespace Cfx.Sandbox.Jobs;

/// <summary>Which metrics a client wants; null bounds are open.</summary>
internal sealed record MetricFilter(long? StepFrom, long? StepTo, DateTimeOffset? LoggedFrom, DateTimeOffset? LoggedTo)
{
    /// <summary>Reads the bounds from the body, as the specification has it, or the query, as clients do. The query wins.</summary>
    /// <exception cref="ApiException">400: a bound is malformed.</exception>
    public static MetricFilter Read(ApiCall call)
    {
        var body = Wire.Object(call.Body, mayBeEmpty: true);
        return new MetricFilter(
            Step(call, body, "global_step_from"),
            Step(call, body, "global_step_to"),
            Time(call, body, "logged_at_from"),
            Time(call, body, "logged_at_to"));
    }

    public bool Takes(JobMetric metric) =>
        !(metric.Step < StepFrom) && !(metric.Step > StepTo) && !(metric.LoggedAt < LoggedFrom) && !(metric.LoggedAt > LoggedTo);

    private static long? Step(ApiCall call, JsonElement body, string name)
    {
        if (call.Query(name) is not { } text)
        {
            return body.Integer(name, long.MinValue, long.MaxValue);
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var step)
            ? step
            : throw ApiException.BadField(name, $"The field '{name}' must be a whole number.");
    }

    private static DateTimeOffset? Time(ApiCall call, JsonElement body, string name)
    {
        if ((call.Query(name) ?? body.Text(name)) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw ApiException.BadField(name, $"The field '{name}' must be an ISO-8601 time.");
    }
}
