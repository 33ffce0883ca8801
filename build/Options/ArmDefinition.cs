namespace Cfx.Build.Options;

/// <summary>A contestant of the study that is trained; the untuned <c>base</c> is always there besides.</summary>
/// <param name="Name">Unique, safe as a file's name.</param>
/// <param name="Method">One of <see cref="StudyOptions.Methods"/>.</param>
/// <param name="Settings">What this arm has otherwise than the finetune section, by key.</param>
public sealed record ArmDefinition(string Name, string Method, IReadOnlyDictionary<string, OptionValue> Settings)
{
    /// <summary>The name of the untuned model's arm, which no trained arm may have.</summary>
    public const string Base = "base";

    /// <summary>The arms of a study that names none.</summary>
    public static IReadOnlyList<ArmDefinition> Defaults { get; } =
    [
        new("feedback", "feedback", new Dictionary<string, OptionValue>(StringComparer.Ordinal)),
        new("alternative", "alternative", new Dictionary<string, OptionValue>(StringComparer.Ordinal)),
    ];
}
