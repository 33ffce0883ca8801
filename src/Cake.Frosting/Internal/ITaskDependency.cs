namespace Cake.Frosting.Internal;

/// <summary>What an attribute says that makes its task run after <see cref="Task"/>.</summary>
public interface ITaskDependency
{
    Type Task { get; }
}
