using Cake.Core;

namespace Cake.Frosting.Tests;

public sealed class Notes
{
    public List<string> Lines { get; } = [];
}

public sealed class NotingContext(ICakeContext context, Notes notes) : FrostingContext(context)
{
    public void Note(string line) => notes.Lines.Add(line);
}

public sealed class Life : FrostingLifetime<NotingContext>
{
    public override void Setup(NotingContext context, ISetupContext info) => context.Note("setup");

    public override void Teardown(NotingContext context, ITeardownContext info) => context.Note("teardown");
}

public sealed class TaskLife : FrostingTaskLifetime<NotingContext>
{
    public override void Setup(NotingContext context, ITaskSetupContext info) => context.Note($">{info.Task.Name}");

    public override void Teardown(NotingContext context, ITaskTeardownContext info) => context.Note($"<{info.Task.Name}");
}

public sealed class First : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context) => context.Note("First");
}

[IsDependeeOf(typeof(First))]
public sealed class EarlyTask(Notes notes) : FrostingTask
{
    public override void Run(ICakeContext context) => notes.Lines.Add("early");
}

[TaskName("Last")]
[TaskDescription("Comes last.")]
[IsDependentOn<First>]
public sealed class LastTask : AsyncFrostingTask<NotingContext>
{
    public override Task RunAsync(NotingContext context)
    {
        context.Note("last");
        return Task.CompletedTask;
    }

    public override void Finally(NotingContext context) => context.Note("finally");
}

public sealed class Failing : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context)
    {
        context.Note("failing");
        throw new InvalidOperationException("oh");
    }
}

[IsDependentOn(typeof(Failing))]
public sealed class AfterFailing : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context) => context.Note("never");
}

public sealed class Handled : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context) => throw new InvalidOperationException("oh");

    public override void OnError(Exception exception, NotingContext context) => context.Note($"handled {exception.Message}");
}

[ContinueOnError]
public sealed class Tolerant : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context) => throw new InvalidOperationException("oh");
}

[IsDependentOn(typeof(Tolerant))]
public sealed class AfterTolerant : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context) => context.Note("after");
}

public sealed class Skipped : FrostingTask<NotingContext>
{
    public override bool ShouldRun(NotingContext context) => false;

    public override void Run(NotingContext context) => context.Note("never");
}

[IsDependentOn(typeof(Skipped))]
public sealed class AfterSkipped : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context) => context.Note("after skipped");
}

internal sealed class Hidden : FrostingTask<NotingContext>
{
    public override void Run(NotingContext context) => context.Note("hidden");
}
