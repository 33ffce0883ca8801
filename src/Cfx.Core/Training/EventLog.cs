using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Cfx.Core.Training;

/// <summary>Logs each of a job's events once, in order, and keeps what they said.</summary>
internal sealed partial class EventLog(string arm, int alreadySeen, ILogger logger)
{
    private readonly Dictionary<FineTuningEvent, int> _logged = [];
    private readonly List<FineTuningEvent> _all = [];
    private int _skip = alreadySeen;

    public int? TotalSteps { get; private set; }

    public int? Step { get; private set; }

    public double? Loss { get; private set; }

    public DateTimeOffset? LastAt => _all.Max(e => e.CreatedAt);

    public IEnumerable<string> Errors =>
        _all.Where(e => e.Level is "error" || e.Type.Contains("error", StringComparison.Ordinal)).Select(e => e.Message);

    /// <summary>The curve as far as event texts tell it.</summary>
    public IEnumerable<FineTuningMetric> Curve =>
        from e in _all
        let losses = Losses(e.Message)
        where (losses.Train ?? losses.Eval) is not null
        select new FineTuningMetric(e.Step ?? 0, losses.Train, losses.Eval);

    public JobEvents Summary => new(
        _all.Count,
        new SortedDictionary<string, int>(
            _all.CountBy(e => e.Type, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
        [.. Errors]);

    /// <param name="events">All events so far, oldest first; one that came late stands in its place.</param>
    /// <param name="secondsRemaining">The provider's present estimate.</param>
    public void Take(IReadOnlyList<FineTuningEvent> events, double? secondsRemaining)
    {
        var met = new Dictionary<FineTuningEvent, int>();
        foreach (var e in events)
        {
            // The number of all steps is known only once training has begun; the event is the same.
            var key = e with { TotalSteps = null };
            var times = met[key] = met.GetValueOrDefault(key) + 1;
            if (times > _logged.GetValueOrDefault(key))
            {
                _logged[key] = times;
                Add(e, secondsRemaining);
            }
        }
    }

    private void Add(FineTuningEvent e, double? secondsRemaining)
    {
        _all.Add(e);
        TotalSteps = e.TotalSteps is > 0 ? e.TotalSteps : TotalSteps;
        Step = e.Step > (Step ?? 0) ? e.Step : Step;
        Loss = Losses(e.Message).Train ?? Loss;
        if (_skip > 0)
        {
            // An earlier run logged it.
            _skip--;
            return;
        }

        var level = e.Level switch
        {
            "error" => LogLevel.Error,
            "warning" or "warn" => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        var remaining = secondsRemaining is > 0
            ? FormattableString.Invariant($", about {TimeSpan.FromSeconds(Math.Round(secondsRemaining.Value)):g} left") : "";
        var step = (e.Step, e.TotalSteps) switch
        {
            // Many providers say the step in words already.
            _ when e.Message.Contains("step", StringComparison.OrdinalIgnoreCase) => remaining,
            ( > 0, > 0) => FormattableString.Invariant($" (step {e.Step} of {e.TotalSteps}{remaining})"),
            ( > 0, _) => FormattableString.Invariant($" (step {e.Step}{remaining})"),
            _ => "",
        };
        logger.Log(level, "{Arm}: {Event}{Step}", arm, e.Message.Length > 0 ? e.Message : e.Type, step);
    }

    private static (double? Train, double? Eval) Losses(string message)
    {
        double? train = null;
        double? eval = null;
        foreach (Match match in LossPattern().Matches(message))
        {
            var loss = double.Parse(match.Groups["loss"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (match.Groups["eval"].Success)
            {
                eval = loss;
            }
            else
            {
                train = loss;
            }
        }

        return (train, eval);
    }

    [GeneratedRegex(@"(?<eval>(eval|validation|val)\w*[ _/])?loss[^0-9\n-]{0,4}(?<loss>[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex LossPattern();
}
