namespace Cake.Frosting;

/// <summary>A failure of the task is reported and does not stop the run.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContinueOnErrorAttribute : Attribute;
