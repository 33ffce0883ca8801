namespace Cfx.Build.Options;

/// <summary>A contestant of the study that is trained; the untuned <c>base</c> is always there besides.</summary>
/// <param name="Name">Unique, safe as a file's name.</param>
/// <param name="Method">One of <see cref="StudyOptions.Methods"/>.</param>
/// <param name="Settings">What this arm has otherwise than the finetune section, by key; what is swept is among them.</param>
public sealed record ArmDefinition(string Name, string Method, IReadOnlyDictionary<string, OptionValue> Settings)
{
    /// <summary>The name of the untuned model's arm, which no trained arm may have.</summary>
    public const string Base = "base";

    /// <summary>The most trained arms of a study, sweeps and replicates counted: each is a job that costs money.</summary>
    public const int Most = 48;

    /// <summary>The arms of a study that names none.</summary>
    public static IReadOnlyList<ArmDefinition> Defaults { get; } =
    [
        new("feedback", "feedback", new Dictionary<string, OptionValue>(StringComparer.Ordinal)),
        new("alternative", "alternative", new Dictionary<string, OptionValue>(StringComparer.Ordinal)),
    ];

    /// <summary>The keys whose values a sweep gave this arm; none for an arm that stands in study.json by itself.</summary>
    public IReadOnlyList<string> Swept { get; init; } = [];

    /// <summary>The name without the replicate's number: the same for all trainings that differ in the seed alone.</summary>
    public string Group { get; init; } = Name;

    /// <summary>1 for the first training of a group.</summary>
    public int Replicate { get; init; } = 1;

    /// <summary>How many trainings the group has.</summary>
    public int Replicates { get; init; } = 1;

    /// <summary>Whether a sweep or replicates made this arm one of several.</summary>
    public bool IsVaried => Swept.Count > 0 || Replicates > 1;
}
