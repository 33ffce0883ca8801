using System.Globalization;
using Cfx.Core.Evaluation;

namespace Cfx.Build.Composition.Planning;

/// <summary>Settings and sizes that are known to weaken or void a study.</summary>
internal static class StudyCautions
{
    private const double FullTuningScale = 1e-4;
    private const int FewTrainingItems = 100;
    private const int FewTestContexts = 300;

    /// <param name="run">The study.</param>
    public static IEnumerable<Finding> OfSettings(StudyRun run)
    {
        var options = run.Options;
        var isSandbox = run.Providers.IsSandbox;
        foreach (var arm in run.Plan.TrainedArms)
        {
            var values = options.ForArm(arm);
            var rate = values.Number("finetune", "learning-rate");
            if (!isSandbox && !values.Flag("finetune", "full") && rate < FullTuningScale)
            {
                yield return Caution(string.Create(
                    CultureInfo.InvariantCulture,
                    $"arm {arm.Name}: learning rate {rate} is of the size used for full tuning; LoRA usually needs 1e-4 to 1e-3, or the arm may stay at the base model"));
            }
        }

        foreach (var judge in Stages.EvaluateUnit.Judges(run).Where(j => j == options.Text("process", "model")))
        {
            yield return Caution($"models: {judge} both writes the answers and judges them; judges favour their own family's style");
        }

        foreach (var warning in Kin(run))
        {
            yield return Caution("models: " + warning);
        }

        if (options.Number("evaluate", "warn-incomplete") > options.Number("evaluate", "max-incomplete"))
        {
            yield return Caution("judge: warn-incomplete is above max-incomplete, so that Evaluate fails before it would warn");
        }

        if (options.WholeNumber("respond", "max-tokens") < options.WholeNumber("process", "max-tokens"))
        {
            yield return Caution("sizes: test answers may be shorter than training answers (respond max-tokens below process max-tokens), so evaluation clips what training taught");
        }

        if (options.Number("evaluate", "temperature") > 0)
        {
            yield return Caution("judge: its temperature is above 0, which adds noise to every verdict");
        }

        if (!isSandbox && options.Text("finetune", "model").EndsWith("-Reference", StringComparison.Ordinal))
        {
            yield return Caution($"models: {options.Text("finetune", "model")} is a reference model; check that the provider can serve what is trained from it");
        }
    }

    // Tuned models have their base's family; a judge that is the generator itself is told above.
    private static IEnumerable<string> Kin(StudyRun run)
    {
        var options = run.Options;
        var judges = Stages.EvaluateUnit.Judges(run);
        var generator = options.Text("process", "model");
        return judges.SelectMany(judge => ModelFamily.Warnings(
            judge,
            [("the generator of training answers", generator == judge ? null : generator), .. run.Plan.BaseModels.Select(b => ($"the arm {b.Key} with those trained from it", (string?)b.Value))]));
    }

    /// <param name="testContexts">Expected.</param>
    /// <param name="trainingItems">Expected.</param>
    public static IEnumerable<Finding> OfSizes(long testContexts, long trainingItems)
    {
        if (testContexts < FewTestContexts)
        {
            yield return Caution(FormattableString.Invariant(
                $"sizes: about {testContexts} test contexts; below {FewTestContexts} a difference of less than 8 to 16 points goes unseen"));
        }

        if (trainingItems < FewTrainingItems)
        {
            yield return Caution(FormattableString.Invariant(
                $"sizes: about {trainingItems} items to train on; fewer than {FewTrainingItems} seldom move a model"));
        }
    }

    private static Finding Caution(string text) => new(FindingKind.Caution, text);
}
