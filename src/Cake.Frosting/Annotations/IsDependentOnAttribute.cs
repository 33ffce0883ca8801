using Cake.Frosting.Internal;

namespace Cake.Frosting;

/// <summary>The task runs after another one, which runs too when this one is asked for.</summary>
/// <param name="type">The other task's class.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class IsDependentOnAttribute(Type type) : Attribute, ITaskDependency
{
    public Type Task { get; } = type;
}

/// <summary>The task runs after <typeparamref name="TTask"/>, which runs too when this one is asked for.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IsDependentOnAttribute<TTask>() : IsDependentOnAttribute(typeof(TTask))
    where TTask : class, IFrostingTask;
