using System.Reflection;
using Cake.Core;

namespace Cake.Frosting.Internal;

/// <summary>What a task class says about itself, read without making an instance.</summary>
public sealed class TaskDescriptor
{
    private TaskDescriptor(Type type)
    {
        var attributes = type.GetCustomAttributes(inherit: true);
        Type = type;
        Name = NameOf(type);
        Description = attributes.OfType<TaskDescriptionAttribute>().FirstOrDefault()?.Description;
        ContinuesOnError = attributes.OfType<ContinueOnErrorAttribute>().Any();
        DependencyTypes = [.. attributes.OfType<ITaskDependency>().Select(a => a.Task)];
        DependeeTypes = [.. attributes.OfType<IReverseTaskDependency>().Select(a => a.Task)];
        var shape = ShapeOf(type);
        ContextType = shape?.GetGenericArguments()[0] ?? typeof(ICakeContext);
        var shapeOrInterface = shape ?? typeof(object);
        HasWork = shape is null || Overrides(type, shapeOrInterface, "Run") || Overrides(type, shapeOrInterface, "RunAsync");
        HasCriteria = shape is null || Overrides(type, shapeOrInterface, "ShouldRun");
        HandlesErrors = shape is null || Overrides(type, shapeOrInterface, "OnError");
        HasFinally = shape is null || Overrides(type, shapeOrInterface, "Finally");
    }

    public Type Type { get; }

    public string Name { get; }

    public string? Description { get; }

    public bool ContinuesOnError { get; }

    /// <summary>The context class the task asks for.</summary>
    public Type ContextType { get; }

    /// <summary>False for a task that only gathers its dependencies under one name.</summary>
    public bool HasWork { get; }

    public bool HasCriteria { get; }

    public bool HandlesErrors { get; }

    public bool HasFinally { get; }

    /// <summary>Classes named by <see cref="IsDependentOnAttribute"/>; they need not be tasks.</summary>
    public IReadOnlyList<Type> DependencyTypes { get; }

    /// <summary>Classes named by <see cref="IsDependeeOfAttribute"/>; they need not be tasks.</summary>
    public IReadOnlyList<Type> DependeeTypes { get; }

    public static TaskDescriptor Of(Type type) => new(type);

    public static string NameOf(Type type) => type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name;

    private static Type? ShapeOf(Type type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (t.IsGenericType
                && (t.GetGenericTypeDefinition() == typeof(FrostingTask<>) || t.GetGenericTypeDefinition() == typeof(AsyncFrostingTask<>)))
            {
                return t;
            }
        }

        return null;
    }

    private static bool Overrides(Type type, Type shape, string method)
    {
        foreach (var candidate in type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
        {
            if (candidate.Name.Equals(method, StringComparison.Ordinal)
                && candidate.DeclaringType != shape
                && candidate.GetBaseDefinition().DeclaringType == shape)
            {
                return true;
            }
        }

        return false;
    }
}
