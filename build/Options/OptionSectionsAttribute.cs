namespace Cfx.Build.Options;

/// <summary>The option sections a task reads itself; those of the tasks before it are worked out from the graph.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OptionSectionsAttribute(params string[] sections) : Attribute
{
    public IReadOnlyList<string> Sections { get; } = sections;
}
