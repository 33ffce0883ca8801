namespace Cake.Frosting;

/// <summary>The name a task is asked for by; without it a task goes by its class name.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
