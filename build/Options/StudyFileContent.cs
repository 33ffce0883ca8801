using Cfx.Core.Redaction;

namespace Cfx.Build.Options;

/// <summary>What a study file says, and everything that is wrong with it.</summary>
/// <param name="Values">The options it gives.</param>
/// <param name="Arms">Its arms; the default ones where it names none.</param>
/// <param name="Faults">One line each, with file and line.</param>
public sealed record StudyFileContent(
    IReadOnlyList<OptionValue> Values,
    IReadOnlyList<ArmDefinition> Arms,
    IReadOnlyList<string> Faults)
{
    /// <summary>What must not leave this machine.</summary>
    public IReadOnlyList<RedactionRule> Redact { get; init; } = [];

    /// <summary>As if the file were not there.</summary>
    public static StudyFileContent Empty { get; } = new([], ArmDefinition.Defaults, []);
}
