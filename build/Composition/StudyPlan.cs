using Cfx.Build.Options;
using Cfx.Core.Training;

namespace Cfx.Build.Composition;

/// <summary>The contestants of the study and who meets whom.</summary>
/// <remarks>Each trained arm meets the untuned model that it was trained from. Arms that stand in study.json by themselves meet each other, all
/// of them. Arms that a sweep or replicates made meet only those that differ from them in the method alone: equal settings, the same
/// replicate's number; every pair would cost much and mean little.</remarks>
internal sealed class StudyPlan
{
    private static readonly string[] Alike = ["epochs", "learning-rate", "lora-rank", "batch-size"];
    private readonly Dictionary<string, string> _baseOf;
    private readonly Dictionary<string, string> _settings;
    private readonly Dictionary<string, string> _kinds;

    /// <param name="options">The run's options with its arms.</param>
    public StudyPlan(OptionValues options)
    {
        TrainedArms = options.Arms;
        var values = TrainedArms.ToDictionary(a => a.Name, options.ForArm, StringComparer.OrdinalIgnoreCase);
        var models = TrainedArms.Select(a => values[a.Name].Text("finetune", "model")).Distinct(StringComparer.Ordinal).ToList();
        var usual = options.Text("finetune", "model");
        BaseModels = NameBases(models.Contains(usual) ? [usual, .. models.Where(m => m != usual)] : models);
        _baseOf = TrainedArms.ToDictionary(
            a => a.Name, a => BaseModels.First(b => b.Value == values[a.Name].Text("finetune", "model")).Key, StringComparer.Ordinal);
        _settings = TrainedArms.ToDictionary(a => a.Name, a => Settings(values[a.Name]), StringComparer.Ordinal);
        _kinds = TrainedArms.ToDictionary(a => a.Name, a => Kind(a, values[a.Name]), StringComparer.Ordinal);
        Preferences = [.. TrainedArms.Where(a => IsPreference(values[a.Name])).Select(a => a.Name)];
        PreferenceMethods = [.. TrainedArms.Where(a => Preferences.Contains(a.Name)).Select(a => a.Method).Distinct(StringComparer.Ordinal)];
        Arms = [.. BaseModels.Keys, .. TrainedArms.Select(a => a.Name)];
        Methods = [.. TrainedArms.Select(a => a.Method).Distinct(StringComparer.Ordinal)];
        Comparisons =
        [
            .. BaseModels.Keys.SelectMany(b => TrainedArms.Where(a => _baseOf[a.Name] == b).Select(a => (b, a.Name))),
            .. TrainedArms.SelectMany((first, i) => TrainedArms.Skip(i + 1).Where(second => Meet(first, second)).Select(second => (first.Name, second.Name))),
        ];
    }

    /// <summary>The arms that are trained, in the order of study.json.</summary>
    public IReadOnlyList<ArmDefinition> TrainedArms { get; }

    /// <summary>The untuned arms with their models: <c>base</c>, and one more for each other model that an arm is trained from.</summary>
    public OrderedDictionary<string, string> BaseModels { get; }

    /// <summary>The names of all arms, the untuned ones first.</summary>
    public IReadOnlyList<string> Arms { get; }

    /// <summary>The methods whose data the arms are trained on, each once.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>The names of the arms that learn from preference pairs.</summary>
    public IReadOnlyList<string> Preferences { get; }

    /// <summary>The methods whose preference pairs an arm is trained on, each once.</summary>
    public IReadOnlyList<string> PreferenceMethods { get; }

    /// <summary>Who meets whom, in the order of <see cref="Arms"/>.</summary>
    public IReadOnlyList<(string Model1, string Model2)> Comparisons { get; }

    /// <summary>What an arm is trained on: the name of the training file without its ending.</summary>
    public string DataOf(ArmDefinition arm) => Preferences.Contains(arm.Name) ? PrepareOptions.PairsOf(arm.Method) : arm.Method;

    private bool Meet(ArmDefinition one, ArmDefinition other) =>
        (!one.IsVaried && !other.IsVaried)
        || (_kinds[one.Name] != _kinds[other.Name]
            && one.Replicate == other.Replicate
            && _baseOf[one.Name] == _baseOf[other.Name]
            && _settings[one.Name] == _settings[other.Name]);

    private static bool IsPreference(OptionValues values) => values.Text("finetune", "training") == "dpo";

    private static string Kind(ArmDefinition arm, OptionValues values) =>
        IsPreference(values) ? $"{arm.Method} dpo {ArmSweep.Canonical(values.Get("finetune", "dpo-beta"))}" : arm.Method;

    private static string Settings(OptionValues values) => string.Join(
        '\n',
        [.. Alike.Select(key => ArmSweep.Canonical(values.Get("finetune", key))), $"{values.Flag("finetune", "lora") && !values.Flag("finetune", "full")}"]);

    private static OrderedDictionary<string, string> NameBases(IReadOnlyList<string> models)
    {
        var names = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in models)
        {
            var name = names.Count == 0 ? ArmDefinition.Base : $"{ArmDefinition.Base}-{ArmSweep.Slug(model)}";
            var unique = name;
            for (var i = 2; !names.TryAdd(unique, model); i++)
            {
                unique = $"{name}-{i}";
            }
        }

        return names;
    }
}
