using Cfx.Build.Options;

namespace Cfx.Build.Composition;

/// <summary>The contestants of the study and who meets whom.</summary>
/// <param name="TrainedArms">The arms that are trained, in the order of study.json.</param>
internal sealed record StudyPlan(IReadOnlyList<ArmDefinition> TrainedArms)
{
    /// <summary>The names of all arms, the untuned one first.</summary>
    public IReadOnlyList<string> Arms { get; } = [ArmDefinition.Base, .. TrainedArms.Select(a => a.Name)];

    /// <summary>The methods whose data the arms are trained on, each once.</summary>
    public IReadOnlyList<string> Methods { get; } = [.. TrainedArms.Select(a => a.Method).Distinct(StringComparer.Ordinal)];

    /// <summary>Every pair of arms, in the order of <see cref="Arms"/>.</summary>
    public IReadOnlyList<(string Model1, string Model2)> Comparisons =>
        [.. Arms.SelectMany((first, i) => Arms.Skip(i + 1).Select(second => (first, second)))];
}
