using System.Diagnostics.Tracing;

namespace Cfx.Core.Artifacts;

/// <summary>Tells whoever listens (dotnet-trace, an <see cref="EventListener"/>) of every write that a later run relies on, right before it takes
/// effect and right after. Costs a comparison when nobody listens.</summary>
/// <remarks>What happens between the two events happens whole or not at all, so a process that ends at any event leaves a state that the next run
/// goes on from. Paths are absolute; contents are never told.</remarks>
[EventSource(Name = SourceName)]
public sealed class DurableWrites : EventSource
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "Cfx-DurableWrites";

    /// <summary>A file put in its place, see <see cref="AtomicFile"/>.</summary>
    public const string FileKind = "file";

    /// <summary>A transaction of the response store.</summary>
    public const string StoreKind = "store";

    /// <summary>A line added to a file.</summary>
    public const string AppendKind = "append";

    private DurableWrites()
        : base(EventSourceSettings.EtwSelfDescribingEventFormat)
    {
    }

    /// <summary>The one source of the process.</summary>
    public static DurableWrites Log { get; } = new();

    /// <summary>Nothing of the write can be seen yet.</summary>
    /// <param name="kind">One of the constants here.</param>
    /// <param name="path">The file that is about to change.</param>
    [Event(1, Level = EventLevel.Informational)]
    public void Before(string kind, string path)
    {
        if (IsEnabled())
        {
            WriteEvent(1, kind, path);
        }
    }

    /// <summary>The write is there for every later run, though its own process does not know it yet.</summary>
    /// <param name="kind">One of the constants here.</param>
    /// <param name="path">The file that has changed.</param>
    [Event(2, Level = EventLevel.Informational)]
    public void After(string kind, string path)
    {
        if (IsEnabled())
        {
            WriteEvent(2, kind, path);
        }
    }
}
