using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace Cfx.KillSwitch;

/// <summary>Hears of every durable write on the thread that makes it, and ends the process there and then.</summary>
internal sealed class DurableWriteListener(KillPlan plan) : EventListener
{
    private readonly Lock _gate = new();
    private readonly int[] _seen = new int[plan.Instants.Count];

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Cfx-DurableWrites")
        {
            EnableEvents(eventSource, EventLevel.LogAlways);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is not ("Before" or "After") || eventData.Payload is not [string kind, string path])
        {
            return;
        }

        lock (_gate)
        {
            var last = kind == "file" && plan.Kinds?.Add(eventData.EventName, path) == true;
            for (var i = 0; i < _seen.Length; i++)
            {
                last |= plan.Instants[i].Matches(eventData.EventName, path) && ++_seen[i] == plan.Instants[i].Number;
            }

            if (plan.Log is { } log)
            {
                File.AppendAllText(log, $"{eventData.EventName}\t{kind}\t{path}\n");
            }

            if (last)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();

                // Another write must not slip through while the signal is on its way.
                using var never = new SemaphoreSlim(0);
                never.Wait();
            }
        }
    }
}
