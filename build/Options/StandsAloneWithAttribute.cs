namespace Cfx.Build.Options;

/// <summary>When the task is asked for by name and this option stands on the command line, the task is a job of its own: none of the tasks
/// it depends on run.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class StandsAloneWithAttribute(string section, string key) : Attribute
{
    public string Section { get; } = section;

    public string Key { get; } = key;
}
