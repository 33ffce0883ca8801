using Cake.Frosting.Internal;
using Cfx.Build.Options;

namespace Cfx.Build.Host;

/// <summary>The tasks and what depends on what, with the checks that need nothing to run.</summary>
public sealed class TaskGraph
{
    private readonly Dictionary<string, List<string>> _before = new(StringComparer.OrdinalIgnoreCase);

    public TaskGraph(TaskCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        Catalog = catalog;
        foreach (var task in catalog.Tasks)
        {
            _before[task.Name] = [];
        }

        foreach (var task in catalog.Tasks)
        {
            foreach (var other in task.DependencyTypes.Select(TaskDescriptor.NameOf).Where(_before.ContainsKey))
            {
                Connect(task.Name, catalog.Find(other)!.Name);
            }

            foreach (var other in task.DependeeTypes.Select(TaskDescriptor.NameOf).Where(_before.ContainsKey))
            {
                Connect(catalog.Find(other)!.Name, task.Name);
            }
        }
    }

    public TaskCatalog Catalog { get; }

    /// <summary>The tasks that one depends on, in the order declared.</summary>
    public IReadOnlyList<string> Before(string target) => _before[target];

    /// <summary>A task and all before it, each once, those before first. Finite also where there is a cycle.</summary>
    /// <param name="targets">Names that exist.</param>
    /// <param name="leavesOut">True for a task and one of its dependencies that is left out.</param>
    public IReadOnlyList<string> Order(IEnumerable<string> targets, Func<string, string, bool>? leavesOut = null)
    {
        var order = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var target in targets)
        {
            Visit(target, seen, order, leavesOut ?? (static (_, _) => false));
        }

        return order;
    }

    /// <summary>The tasks that no other depends on.</summary>
    public IReadOnlyList<string> Roots()
    {
        var inner = _before.Values.SelectMany(b => b).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. Catalog.Tasks.Select(t => t.Name).Where(n => !inner.Contains(n))];
    }

    /// <summary>Everything wrong with the tasks as written, and with the names asked for.</summary>
    public IReadOnlyList<string> Faults(IEnumerable<string> targets) =>
        [.. Catalog.Faults.Select(f => f.Message), .. Cycles(), .. Unknown(targets)];

    /// <summary>The sections a task reads itself.</summary>
    public IReadOnlyList<string> SectionsOf(string target) =>
        Catalog.Find(target)!.Type.GetCustomAttributes(typeof(OptionSectionsAttribute), inherit: true)
            .Cast<OptionSectionsAttribute>()
            .SelectMany(a => a.Sections)
            .ToList();

    /// <summary>What names on the command line may mean for some targets.</summary>
    public OptionScope ScopeOf(IReadOnlyList<string> targets)
    {
        var own = targets.SelectMany(SectionsOf).ToHashSet(StringComparer.Ordinal);
        var before = Order(targets).SelectMany(SectionsOf).Append(OptionCatalog.StudySection).ToHashSet(StringComparer.Ordinal);
        before.ExceptWith(own);
        return new OptionScope(targets, own, before, section =>
            [.. Catalog.Tasks.Select(t => t.Name).Where(n => SectionsOf(n).Contains(section, StringComparer.Ordinal))]);
    }

    private void Connect(string task, string before)
    {
        if (!_before[task].Contains(before, StringComparer.OrdinalIgnoreCase))
        {
            _before[task].Add(before);
        }
    }

    private void Visit(string target, HashSet<string> seen, List<string> order, Func<string, string, bool> leavesOut)
    {
        if (!seen.Add(target))
        {
            return;
        }

        foreach (var before in _before[target].Where(before => !leavesOut(target, before)))
        {
            Visit(before, seen, order, leavesOut);
        }

        order.Add(Catalog.Find(target)!.Name);
    }

    private IEnumerable<string> Unknown(IEnumerable<string> targets)
    {
        var names = Catalog.Tasks.Select(t => t.Name).ToList();
        return targets
            .Where(t => Catalog.Find(t) is null)
            .Select(t => $"There is no target '{t}'{NearestName.Hint(t, names)}{(NearestName.Find(t, names).Count > 0 ? " All" : ". All")} targets: {string.Join(", ", names.Order(StringComparer.OrdinalIgnoreCase))}.");
    }

    // Each cycle once, as the path that comes back to where it began.
    private List<string> Cycles()
    {
        var done = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var path = new List<string>();
        var found = new List<string>();
        foreach (var task in Catalog.Tasks)
        {
            Walk(task.Name, path, done, found);
        }

        return found;
    }

    private void Walk(string task, List<string> path, HashSet<string> done, List<string> found)
    {
        var at = path.FindIndex(p => p.Equals(task, StringComparison.OrdinalIgnoreCase));
        if (at >= 0)
        {
            found.Add($"Tasks depend on each other in a circle: {string.Join(" -> ", path.Skip(at).Append(path[at]))}.");
            return;
        }

        if (done.Contains(task))
        {
            return;
        }

        path.Add(task);
        foreach (var before in _before[task])
        {
            Walk(before, path, done, found);
        }

        path.RemoveAt(path.Count - 1);
        done.Add(task);
    }
}
