namespace Cfx.Core.Statistics.Calibration;

/// <summary>Adds up what studies of one cell gave, by quantity in the order in which they first came.</summary>
internal sealed class CalibrationTally
{
    private readonly Dictionary<(CalibrationKind Kind, string Quantity), Sums> _sums = [];
    private readonly List<(CalibrationKind Kind, string Quantity)> _order = [];

    /// <param name="quantity">Which interval.</param>
    /// <param name="interval">Null where the study has none.</param>
    /// <param name="truth">What it ought to hold.</param>
    /// <param name="reason">Why it may not do so as often as it should.</param>
    public void Covers(string quantity, Interval? interval, double truth, string? reason = null) =>
        // An end that is the truth but for rounding holds it.
        Add(CalibrationKind.Coverage, quantity, interval is null ? null
            : truth >= interval.Lower - 1e-12 && truth <= interval.Upper + 1e-12 ? 1 : 0, 0.95, reason);

    /// <param name="quantity">Which intervals together.</param>
    /// <param name="holds">Whether each holds its truth.</param>
    public void Holds(string quantity, bool holds) => Add(CalibrationKind.Coverage, quantity, holds ? 1 : 0, 0.95, null);

    /// <param name="quantity">Which test.</param>
    /// <param name="rejects">Whether it rejects what is true; null where the study has no p-value.</param>
    /// <param name="level">How often it may.</param>
    /// <param name="reason">Why it may do so more often.</param>
    public void Rejects(string quantity, bool? rejects, double level = 0.05, string? reason = null) =>
        Add(CalibrationKind.TypeOneError, quantity, rejects is { } r ? r ? 1 : 0 : null, level, reason);

    /// <param name="quantity">Which estimate.</param>
    /// <param name="estimate">Null where the study has none.</param>
    /// <param name="truth">What it ought to be.</param>
    /// <param name="reason">Why it is not expected to be.</param>
    public void Errs(string quantity, double? estimate, double truth, string? reason = null) =>
        Add(CalibrationKind.Bias, quantity, estimate - truth, 0, reason);

    public void Merge(CalibrationTally other)
    {
        foreach (var key in other._order)
        {
            var (mine, theirs) = (Of(key), other._sums[key]);
            mine.Count += theirs.Count;
            mine.Undefined += theirs.Undefined;
            mine.Sum += theirs.Sum;
            mine.Squares += theirs.Squares;
            mine.Nominal = theirs.Nominal;
            mine.Reason = theirs.Reason;
        }
    }

    /// <param name="cell">What was simulated.</param>
    /// <param name="exact">Exact values by kind and quantity, as far as known.</param>
    public IEnumerable<CalibrationRow> Rows(
        CalibrationCell cell, IReadOnlyDictionary<(CalibrationKind Kind, string Quantity), double> exact)
    {
        foreach (var key in _order)
        {
            var sums = _sums[key];
            var mean = sums.Count == 0 ? 0 : sums.Sum / sums.Count;
            var variance = sums.Count < 2 ? 0 : Math.Max(0, (sums.Squares - (sums.Count * mean * mean)) / (sums.Count - 1));
            yield return new CalibrationRow(
                cell,
                key.Kind,
                key.Quantity,
                sums.Count,
                sums.Undefined,
                mean,
                sums.Count == 0 ? 0 : Math.Sqrt(variance / sums.Count),
                sums.Nominal,
                exact.TryGetValue(key, out var value) ? value : null,
                sums.Reason);
        }
    }

    private void Add(CalibrationKind kind, string quantity, double? value, double nominal, string? reason)
    {
        var sums = Of((kind, quantity));
        sums.Nominal = nominal;
        sums.Reason = reason;
        if (value is not { } number)
        {
            sums.Undefined++;
            return;
        }

        sums.Count++;
        sums.Sum += number;
        sums.Squares += number * number;
    }

    private Sums Of((CalibrationKind Kind, string Quantity) key)
    {
        if (!_sums.TryGetValue(key, out var sums))
        {
            _sums.Add(key, sums = new Sums());
            _order.Add(key);
        }

        return sums;
    }

    private sealed class Sums
    {
        public long Count { get; set; }

        public long Undefined { get; set; }

        public double Sum { get; set; }

        public double Squares { get; set; }

        public double Nominal { get; set; }

        public string? Reason { get; set; }
    }
}
