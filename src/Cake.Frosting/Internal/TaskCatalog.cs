using System.Reflection;

namespace Cake.Frosting.Internal;

/// <summary>Every task of some assemblies, and everything that is wrong with them that can be seen without running anything.</summary>
public sealed class TaskCatalog
{
    private readonly Dictionary<string, TaskDescriptor> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<TaskDescriptor> _tasks = [];
    private readonly List<TaskFault> _faults = [];

    private TaskCatalog()
    {
    }

    /// <summary>In order of discovery, one for each name.</summary>
    public IReadOnlyList<TaskDescriptor> Tasks => _tasks;

    public IReadOnlyList<TaskFault> Faults => _faults;

    /// <summary>Finds the task classes of assemblies, whatever their visibility.</summary>
    /// <param name="assemblies">Each is looked at once.</param>
    /// <param name="contextType">The context tasks will get; null leaves that unchecked.</param>
    public static TaskCatalog Scan(IEnumerable<Assembly> assemblies, Type? contextType)
    {
        var catalog = new TaskCatalog();
        var types = new List<Type>();
        foreach (var assembly in assemblies.Distinct())
        {
            types.AddRange(catalog.TypesOf(assembly).Where(IsTask));
        }

        return catalog.Fill(types, contextType);
    }

    /// <summary>A catalogue of exactly these classes.</summary>
    public static TaskCatalog Of(IEnumerable<Type> types, Type? contextType) => new TaskCatalog().Fill(types, contextType);

    /// <summary>The task of a name, in any case; null if there is none.</summary>
    public TaskDescriptor? Find(string name) => _byName.GetValueOrDefault(name);

    private static bool IsTask(Type type) =>
        type is { IsClass: true, IsAbstract: false } && typeof(IFrostingTask).IsAssignableFrom(type);

    private IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            foreach (var reason in e.LoaderExceptions.Where(x => x is not null).DistinctBy(x => x!.Message, StringComparer.Ordinal))
            {
                _faults.Add(new TaskFault(
                    assembly.GetName().Name ?? "?",
                    $"A class of {assembly.GetName().Name} cannot be loaded: {reason!.Message}",
                    reason));
            }

            return e.Types.OfType<Type>();
        }
    }

    private TaskCatalog Fill(IEnumerable<Type> types, Type? contextType)
    {
        foreach (var type in types)
        {
            Add(type, contextType);
        }

        var known = _tasks.Select(t => t.Type).ToHashSet();
        foreach (var task in _tasks)
        {
            CheckReferences(task, task.DependencyTypes, "depends on", known);
            CheckReferences(task, task.DependeeTypes, "declares itself a dependency of", known);
        }

        return this;
    }

    private void Add(Type type, Type? contextType)
    {
        if (type.IsGenericTypeDefinition)
        {
            _faults.Add(new TaskFault(type.Name, $"Task class {type.Name} is generic, so no instance of it can be made. Make it abstract or close it."));
            return;
        }

        var task = TaskDescriptor.Of(type);
        if (string.IsNullOrWhiteSpace(task.Name))
        {
            _faults.Add(new TaskFault(type.Name, $"Task class {type.Name} has an empty TaskName."));
            return;
        }

        if (!_byName.TryAdd(task.Name, task))
        {
            _faults.Add(new TaskFault(task.Name, $"Two tasks are called '{task.Name}': {_byName[task.Name].Type} and {type}."));
            return;
        }

        _tasks.Add(task);
        if (contextType is not null && !task.ContextType.IsAssignableFrom(contextType))
        {
            _faults.Add(new TaskFault(
                task.Name,
                $"Task '{task.Name}' asks for the context {task.ContextType.Name}, but this host's context is {contextType.Name}."));
        }
    }

    private void CheckReferences(TaskDescriptor task, IReadOnlyList<Type> types, string verb, HashSet<Type> known)
    {
        foreach (var type in types.Where(t => !known.Contains(t)))
        {
            var why = IsTask(type) ? "which is not among the tasks of this host" : "which is not a task";
            _faults.Add(new TaskFault(task.Name, $"Task '{task.Name}' {verb} '{TaskDescriptor.NameOf(type)}', {why}."));
        }
    }
}
