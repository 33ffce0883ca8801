using System.Globalization;
using Cfx.Core;

namespace Cfx.Build.Host;

/// <summary>Progress for people: on a terminal a bar with rate and remaining time, elsewhere a plain line now and then.</summary>
/// <param name="console">Where to show it.</param>
/// <param name="clock">Measures rates.</param>
/// <param name="silent">True when the run was asked to be quiet.</param>
public sealed class ConsoleProgress(HostConsole console, TimeProvider clock, bool silent = false) : IProgressSink
{
    private static readonly TimeSpan BarEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(15);

    // Work that is over sooner needs no lines between its beginning and its end.
    private static readonly TimeSpan WorthLines = TimeSpan.FromSeconds(2);

    public IProgressScope Begin(string what, long? total)
    {
        ArgumentNullException.ThrowIfNull(what);
        return new Scope(this, what, total);
    }

    private sealed class Scope(ConsoleProgress owner, string what, long? total) : IProgressScope
    {
        private readonly Lock _lock = new();
        private readonly long _start = owner.Clock.GetTimestamp();
        private long _shownAt = owner.Clock.GetTimestamp();
        private long _first = -1;
        private long _done;
        private long _shownDone = -1;
        private int _shownTenth;
        private string? _detail;
        private bool _ended;

        public void Report(long done, string? detail = null)
        {
            if (owner.Silent)
            {
                return;
            }

            lock (_lock)
            {
                if (_ended)
                {
                    return;
                }

                // What was there at the first report was not done in this time.
                if (_first < 0)
                {
                    _first = Math.Min(done, total ?? done);
                }

                _done = Math.Max(_done, done);
                _detail = detail ?? _detail;
                if (IsDue())
                {
                    Show();
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                if (_ended)
                {
                    return;
                }

                _ended = true;
                if (owner.Silent)
                {
                    return;
                }

                owner.Console.SetStatus(string.Empty);
                if (_done > 0 && (owner.Console.IsTerminal || _shownDone != _done))
                {
                    owner.Console.WriteLine($"  {Text()} in {Span(owner.Clock.GetElapsedTime(_start))}");
                }
            }
        }

        private bool IsDue()
        {
            var since = owner.Clock.GetElapsedTime(_shownAt);
            if (owner.Console.IsTerminal)
            {
                return _shownDone < 0 || since >= BarEvery || _done == total;
            }

            // A terminal gets its summary at the end; elsewhere the last line is the summary.
            return _done != _shownDone
                && (since >= LineEvery || (Tenth() > _shownTenth && owner.Clock.GetElapsedTime(_start) >= WorthLines));
        }

        private int Tenth() => total is > 0 and { } t ? (int)(_done * 10 / t) : 0;

        private void Show()
        {
            _shownAt = owner.Clock.GetTimestamp();
            _shownDone = _done;
            _shownTenth = Tenth();
            var text = Text() + Pace();
            if (owner.Console.IsTerminal)
            {
                owner.Console.SetStatus($"  {Bar()}{text}");
            }
            else
            {
                owner.Console.WriteLine($"  {text}");
            }
        }

        private string Bar()
        {
            if (total is not > 0)
            {
                return string.Empty;
            }

            const int Length = 24;
            var filled = (int)Math.Min(Length, _done * Length / total.Value);
            return $"[{new string('#', filled)}{new string('.', Length - filled)}] ";
        }

        private string Text()
        {
            var count = total is { } t
                ? string.Create(CultureInfo.InvariantCulture, $"{_done:N0} of {t:N0} {what}")
                : string.Create(CultureInfo.InvariantCulture, $"{_done:N0} {what}");
            return _detail is { Length: > 0 } ? $"{count} ({_detail})" : count;
        }

        private string Pace()
        {
            var seconds = owner.Clock.GetElapsedTime(_start).TotalSeconds;
            var made = _done - _first;
            if (seconds < 0.5 || made <= 0)
            {
                return string.Empty;
            }

            var rate = made / seconds;
            var pace = string.Create(CultureInfo.InvariantCulture, $", {rate:0.#}/s");
            return total is { } t && t > _done ? $"{pace}, {Span(TimeSpan.FromSeconds((t - _done) / rate))} left" : pace;
        }
    }

    private HostConsole Console { get; } = console;

    private TimeProvider Clock { get; } = clock;

    private bool Silent { get; } = silent;

    /// <summary>A length of time as people say it, such as <c>3.2 s</c>, <c>1 min 05 s</c> or <c>2 h 10 min</c>.</summary>
    public static string Span(TimeSpan time) => time switch
    {
        { TotalSeconds: < 59.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
    };
}
