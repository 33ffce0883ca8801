namespace Build.Tests.Demo;

public static class DemoTypes
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(FilterTask), typeof(SplitTask), typeof(ProcessFeedbackTask), typeof(ProcessTask), typeof(FineTuneTask), typeof(EvaluateTask),
        typeof(StudyTask), typeof(WaitTask),
    ];
}
