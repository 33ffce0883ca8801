using System.Globalization;
using Cfx.Core.Generation;

namespace Cfx.Build.Options;

/// <summary>Has an arm trained several times with different seeds, so that chance in training can be told from the method's effect.</summary>
public static class ArmReplicates
{
    private const string Key = "replicates";

    /// <summary>Each arm as often as it is to be trained; the first keeps its name, the others get <c>-r2</c>, <c>-r3</c> and so on.</summary>
    /// <param name="arms">The arms of the study, without <c>base</c>.</param>
    /// <param name="numberOf">How often one is trained, 1 or more.</param>
    public static IReadOnlyList<ArmDefinition> Expand(IReadOnlyList<ArmDefinition> arms, Func<ArmDefinition, int> numberOf)
    {
        ArgumentNullException.ThrowIfNull(arms);
        ArgumentNullException.ThrowIfNull(numberOf);
        return [.. arms.SelectMany(arm => Of(arm, numberOf(arm)))];
    }

    /// <summary>The seed of an arm's training: the study's for the first, others that follow from it for the rest.</summary>
    public static int Seed(int studySeed, ArmDefinition arm)
    {
        ArgumentNullException.ThrowIfNull(arm);
        return arm.Replicate == 1
            ? studySeed
            : StableSeed.ForRequest(studySeed, "replicate", arm.Replicate.ToString(CultureInfo.InvariantCulture));
    }

    private static IEnumerable<ArmDefinition> Of(ArmDefinition arm, int number) => Enumerable.Range(1, number).Select(r => arm with
    {
        Name = r == 1 ? arm.Name : string.Create(CultureInfo.InvariantCulture, $"{arm.Name}-r{r}"),
        Group = arm.Name,
        Replicate = r,
        Replicates = number,
        Settings = arm.Settings.Where(s => s.Key != Key).ToDictionary(StringComparer.Ordinal),
    });
}
