namespace Cfx.Build.Options;

/// <summary>When the task is asked for by name and this option stands on the command line, the task is a job of its own: of the tasks
/// it depends on, only those kept run.</summary>
/// <param name="section">The option's section.</param>
/// <param name="key">The option's key.</param>
/// <param name="keeps">Direct dependencies that run all the same, such as the one that makes what the job reads.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class StandsAloneWithAttribute(string section, string key, params Type[] keeps) : Attribute
{
    public string Section { get; } = section;

    public string Key { get; } = key;

    public IReadOnlyList<Type> Keeps { get; } = keeps;
}
