namespace Cfx.Core.Generation.Improvement;

/// <summary>The methods that can be chosen, by name.</summary>
public sealed class ImprovementMethods
{
    private readonly Dictionary<string, IImprovementMethod> _methods;

    /// <param name="methods">Each with a name of its own.</param>
    public ImprovementMethods(IEnumerable<IImprovementMethod> methods) => _methods = methods.ToDictionary(m => m.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _methods.Keys;

    /// <summary>The project's own methods: add a new one here.</summary>
    /// <param name="promptFolder">Where the prompt files are.</param>
    /// <exception cref="MisuseException">A prompt is missing or broken.</exception>
    public static ImprovementMethods Standard(string promptFolder) => new(
    [
        FeedbackMethod.Load(promptFolder),
        AlternativeMethod.Load(promptFolder),
        new PositiveOnlyMethod(),
    ]);

    /// <exception cref="MisuseException">There is no such method; names those there are.</exception>
    public IImprovementMethod Get(string name) =>
        _methods.GetValueOrDefault(name)
        ?? throw new MisuseException($"There is no method \"{name}\"; known are {string.Join(", ", _methods.Keys)}.");
}
