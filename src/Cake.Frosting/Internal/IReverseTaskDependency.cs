namespace Cake.Frosting.Internal;

/// <summary>What an attribute says that makes its task run before <see cref="Task"/>.</summary>
public interface IReverseTaskDependency
{
    Type Task { get; }
}
