using Cake.Frosting.Internal;

namespace Cake.Frosting;

/// <summary>The task runs before another one whenever that one runs: a dependency declared from the other end.</summary>
/// <param name="type">The other task's class.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class IsDependeeOfAttribute(Type type) : Attribute, IReverseTaskDependency
{
    public Type Task { get; } = type;
}

/// <summary>The task runs before <typeparamref name="TTask"/> whenever that one runs.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IsDependeeOfAttribute<TTask>() : IsDependeeOfAttribute(typeof(TTask))
    where TTask : class, IFrostingTask;
