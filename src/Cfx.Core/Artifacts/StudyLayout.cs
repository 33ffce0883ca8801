namespace Cfx.Core.Artifacts;

/// <summary>Where a study's files live. A sandbox study's name ends in "-sandbox", so neither kind can overwrite the other.</summary>
/// <param name="Root">The project's folder.</param>
/// <param name="Name">The study's name, the ending included.</param>
public sealed record StudyLayout(string Root, string Name)
{
    /// <summary>The ending of a sandbox study's name.</summary>
    public const string SandboxEnding = "-sandbox";

    public string DataFolder => Path.Combine(Root, "data", Name);

    public string ModelsFolder => Path.Combine(Root, "models", Name);

    public string ResultsFolder => Path.Combine(Root, "results", Name);

    public string Filtered => Path.Combine(DataFolder, "filtered.jsonl");

    public string FilterRejected => Path.Combine(DataFolder, "filtered.rejected.jsonl");

    public string FilterCounts => Path.Combine(DataFolder, "filter.json");

    public string Split => Path.Combine(DataFolder, "split.jsonl");

    public string SplitLeftOut => Path.Combine(DataFolder, "split.left_out.jsonl");

    public string SplitCounts => Path.Combine(DataFolder, "split.json");

    /// <summary>The items that training may use, in file order, each with its side.</summary>
    public string TrainingItems => Path.Combine(DataFolder, "training_items.jsonl");

    /// <summary>The items whose contexts are the test, in file order.</summary>
    public string TestItems => Path.Combine(DataFolder, "test_items.jsonl");

    public string PrepareCounts => Path.Combine(DataFolder, "prepare.json");

    public string PrepareLeftOut => Path.Combine(DataFolder, "prepare.left_out.jsonl");

    public string Analysis => Path.Combine(ResultsFolder, "analysis.json");

    public string Report => Path.Combine(ResultsFolder, "report.md");

    public string HtmlReport => Path.Combine(ResultsFolder, "report.html");

    /// <summary>Every judged pair as a table.</summary>
    public string Comparisons => Path.Combine(ResultsFolder, "comparisons.csv");

    /// <summary>Which test contexts were seen in training.</summary>
    public string Leakage => Path.Combine(ResultsFolder, "leakage.json");

    /// <summary>How many test contexts were planned, and with how many others results were seen before.</summary>
    public string PlannedTest => Path.Combine(ResultsFolder, "planned.json");

    /// <summary>The judge held against the users' own feedback.</summary>
    public string Audit => Path.Combine(ResultsFolder, "audit.json");

    /// <summary>A sample for people to judge.</summary>
    public string Blind => Path.Combine(ResultsFolder, "blind.csv");

    /// <summary>Which answer of the sample is whose.</summary>
    public string BlindKey => Path.Combine(ResultsFolder, "blind.key.json");

    /// <summary>How far people and the judge agree.</summary>
    public string BlindAgreement => Path.Combine(ResultsFolder, "blind.json");

    public string Processed(string method) => Path.Combine(DataFolder, method + ".jsonl");

    public string Training(string method) => Path.Combine(DataFolder, method + "_training.jsonl");

    public string Validation(string method) => Path.Combine(DataFolder, method + "_validation.jsonl");

    public string Job(string arm) => Path.Combine(ModelsFolder, arm + "_job.json");

    /// <summary>The name of an arm's tuned model, alone.</summary>
    public string Model(string arm) => Path.Combine(ModelsFolder, arm + "_model.json");

    public string Responses(string arm) => Path.Combine(ResultsFolder, "responses", arm + ".jsonl");

    /// <summary>One of several judges' own file of a comparison.</summary>
    public string JudgeComparison(string judge, string model1, string model2) =>
        Path.Combine(ResultsFolder, "evaluations", "judges", SafeFileName.Of(judge), $"{model1}_vs_{model2}.json");

    public string Comparison(string model1, string model2) =>
        Path.Combine(ResultsFolder, "evaluations", $"{model1}_vs_{model2}.json");
}
