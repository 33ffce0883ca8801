namespace Cfx.Build.Options;

/// <summary>Which sections a short or long name may mean for the requested targets.</summary>
/// <param name="Targets">The requested targets, for messages.</param>
/// <param name="Own">Sections the targets read themselves.</param>
/// <param name="Predecessors">Sections of the tasks before them; the study's own is always among them or among the own ones.</param>
/// <param name="TargetsOfSection">The targets that read a section, for telling where an option belongs.</param>
public sealed record OptionScope(
    IReadOnlyList<string> Targets,
    IReadOnlySet<string> Own,
    IReadOnlySet<string> Predecessors,
    Func<string, IReadOnlyList<string>> TargetsOfSection);
