namespace Cake.Frosting;

/// <summary>One line that says what a task is for, shown in listings.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TaskDescriptionAttribute(string description) : Attribute
{
    public string Description { get; } = description;
}
