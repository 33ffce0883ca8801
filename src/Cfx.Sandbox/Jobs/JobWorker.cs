using System.Globalization;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.State;
using Microsoft.Extensions.Logging;

namespace Cfx.Sandbox.Jobs;

/// <summary>Trains one job after another in the background, and goes on with what an earlier server left.</summary>
internal sealed class JobWorker(JobStore jobs, FileStore files, ModelDirectory models, JobPacing pacing, JobBilling billing, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private (string Id, CancellationTokenSource Stop)? _current;

    /// <summary>Works until stopped; a job under way is stored as it then stands.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var id = await jobs.NextAsync(cancellationToken);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            lock (_gate)
            {
                _current = (id, stop);
            }

            try
            {
                await TrainAsync(id, stop.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                End(id, JobWord.Cancelled, "job_stopped", "Job cancelled", "info");
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogError(error, "The sandbox's fine-tuning job {Job} failed", id);
                End(id, JobWord.Error, "job_error", "Training failed: " + error.Message, "error");
            }
            finally
            {
                lock (_gate)
                {
                    _current = null;
                }
            }
        }
    }

    /// <summary>Wakes the worker out of a job that has been asked to stop.</summary>
    public void Interrupt(string id)
    {
        lock (_gate)
        {
            if (_current is { } current && string.Equals(current.Id, id, StringComparison.Ordinal))
            {
                current.Stop.Cancel();
            }
        }
    }

    private async Task TrainAsync(string id, CancellationToken cancellationToken)
    {
        var (settings, saved) = jobs.Peek(id, job => (job.Settings, job.SavedStep));
        jobs.Change(id, job =>
        {
            StopIfAsked(job);
            job.Status = job.Status is JobWord.Pending ? JobWord.Queued : job.Status;
        });
        var order = await OrderAsync(settings, cancellationToken);
        if (!order.Training.Any(example => example.Messages.Any(message => message.IsTrained)))
        {
            throw new InvalidDataException("no message of the training file has weight 1.");
        }

        var resumeFrom = saved is { } step && File.Exists(jobs.StatePath(id, step)) ? jobs.StatePath(id, step) : null;
        var run = await models.Host.BeginTrainingAsync(order, resumeFrom, cancellationToken);
        Begin(id, order, run, run.EpochsDone > 0);
        switch (jobs.Peek(id, job => job.Fate))
        {
            case FaultKind.JobHangs:
                return;
            case FaultKind.JobFails:
                throw new InvalidDataException("on purpose.");
            default:
                break;
        }

        await Task.Factory.StartNew(
            () => Train(id, order, run, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Move(id, JobWord.Compressing, "model_compressing", "Compressing the model");
        Move(id, JobWord.Uploading, "model_uploading", "Storing the model");
        StateFolder.Write(jobs.ModelPath(id), run.SaveModel);
        jobs.Change(id, job =>
        {
            job.Checkpoints.Add(new JobCheckpoint(time.GetUtcNow(), job.Step, IsFinal: true));
            jobs.AddEvent(job, "model_upload_complete", "Model stored as " + job.OutputName, model: job.OutputName);
        });
        End(id, JobWord.Completed, "job_complete", "Job complete", "info");
    }

    private void Train(string id, TrainingOrder order, ITrainingRun run, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var first = run.EpochsDone * run.StepsPerEpoch;
        while (run.EpochsDone < order.Epochs)
        {
            run.RunEpoch(
                step =>
                {
                    Record(id, order, run, step, time.GetElapsedTime(begun), step.Step - first);
                    // The epoch runs on a thread of its own, which may be held up.
                    pacing.WaitAsync(id, begun, (step.Step - first) / (double)run.TotalSteps, cancellationToken).GetAwaiter().GetResult();
                },
                cancellationToken);
            Save(id, run, order);
        }

        jobs.Change(id, job => jobs.AddEvent(job, "training_complete", Invariant($"Training complete: step {run.TotalSteps}/{run.TotalSteps}{LossesOf(job)}")));
    }

    private async Task<TrainingOrder> OrderAsync(JobSettings settings, CancellationToken cancellationToken)
    {
        var training = await TrainingFile.ReadAsync(files.ContentPath(files.Get(settings.TrainingFile)), cancellationToken);
        var validation = settings.ValidationFile is null
            ? []
            : await TrainingFile.ReadAsync(files.ContentPath(files.Get(settings.ValidationFile)), cancellationToken);
        return new TrainingOrder(
            settings.Model, training, validation, settings.Epochs, settings.BatchSize, settings.LearningRate, settings.LoraRank,
            settings.LoraAlpha, validation.Count == 0 ? 0 : settings.Evaluations, settings.Seed)
        {
            StartPath = settings.FromCheckpoint is { } name
                ? models.FindCheckpoint(name)?.Path ?? throw new InvalidDataException($"the checkpoint '{name}' is gone.")
                : null,
            PreferenceBeta = settings.Preference?.Beta,
            IsReferenceFree = settings.Preference?.IsReferenceFree ?? false,
        };
    }

    private void Begin(string id, TrainingOrder order, ITrainingRun run, bool resumed)
    {
        var trainTokens = TrainingTokens.Count(order.Training, models.Host);
        var validationTokens = TrainingTokens.Count(order.Validation, models.Host);
        jobs.Change(id, job =>
        {
            StopIfAsked(job);
            if (!resumed)
            {
                job.SavedStep = null;
            }

            job.Rewind();
            (job.TotalSteps, job.ParameterCount) = (run.TotalSteps, run.ParameterCount);
            job.TokenCount = (order.Epochs * trainTokens) + (order.Evaluations * validationTokens);
            job.PriceUsd = billing.Price(job.Settings, job.TokenCount);
            if (job.StartedAt is null)
            {
                job.StartedAt = time.GetUtcNow();
                jobs.AddEvent(job, "job_start", "Job started");
                jobs.AddEvent(job, "training_start", Invariant(
                    $"Training started: {order.Training.Count} examples, {run.TotalSteps} steps, {run.ParameterCount} parameters"));
                if (job.Settings.Ignored is { } ignored)
                {
                    jobs.AddEvent(job, "warning", $"The sandbox's training has no use for: {ignored}", "warning");
                }
            }
            else
            {
                jobs.AddEvent(job, "job_restarted", Invariant($"Job taken up again at step {job.Step}/{run.TotalSteps}"));
            }

            job.Status = JobWord.Running;
        });
    }

    private void Record(string id, TrainingOrder order, ITrainingRun run, TrainingStep step, TimeSpan elapsed, int taken)
    {
        var intermediate = IsCheckpoint(step.Step, run.TotalSteps, jobs.Peek(id, job => job.Settings.Checkpoints));
        if (intermediate)
        {
            StateFolder.Write(jobs.ModelPath(id, step.Step), run.SaveModel);
        }

        jobs.Change(
            id,
            job =>
            {
                var now = time.GetUtcNow();
                var epoch = step.Step / (double)run.StepsPerEpoch;
                job.Step = step.Step;
                job.SecondsRemaining = elapsed.TotalSeconds / taken * (run.TotalSteps - step.Step);
                job.Metrics.Add(new JobMetric(now, step.Step, false, step.Loss, order.LearningRate, epoch));
                if (step.ValidationLoss is { } loss)
                {
                    job.Metrics.Add(new JobMetric(now, step.Step, true, loss, null, epoch));
                }

                if (intermediate)
                {
                    job.Checkpoints.Add(new JobCheckpoint(now, step.Step, IsFinal: false));
                    jobs.AddEvent(job, "checkpoint_save", Invariant($"Checkpoint saved at step {step.Step}/{run.TotalSteps}"), checkpoint: Invariant($"{id}:{step.Step}"));
                }
            },
            store: false);
    }

    /// <summary>The last of the wanted checkpoints is the tuned model; the others lie evenly before it.</summary>
    private static bool IsCheckpoint(int step, int total, int wanted) =>
        step < total && Enumerable.Range(1, wanted - 1).Any(i => (int)((long)i * total / wanted) == step);

    private void Save(string id, ITrainingRun run, TrainingOrder order)
    {
        var step = run.EpochsDone * run.StepsPerEpoch;
        var saved = jobs.Peek(id, job => job.SavedStep);

        // The state first, then the record that names it: between the two a crash finds the older pair whole.
        StateFolder.Write(jobs.StatePath(id, step), run.Save);
        jobs.Change(id, job =>
        {
            (job.SavedStep, job.EpochsCompleted) = (step, run.EpochsDone);
            jobs.AddEvent(job, "epoch_complete", Invariant($"Epoch {run.EpochsDone}/{order.Epochs} complete: step {step}/{run.TotalSteps}{LossesOf(job)}"));
        });
        if (saved is { } old)
        {
            File.Delete(jobs.StatePath(id, old));
        }
    }

    private void Move(string id, string status, string type, string message) => jobs.Change(id, job =>
    {
        StopIfAsked(job);
        job.Status = status;
        jobs.AddEvent(job, type, message);
    });

    private void End(string id, string status, string type, string message, string level)
    {
        var (isOver, model, due) = jobs.Peek(id, job => (JobWord.IsTerminal(job.Status), job.OutputName, JobBilling.Due(job, status)));
        if (!isOver && due > 0)
        {
            billing.Enter(id, model, due);
        }

        // Before the record says so: whoever sees the job over finds no state, and a crash in between only trains once more.
        jobs.DeleteStates(id);
        jobs.Change(id, job =>
        {
            (job.SavedStep, job.SecondsRemaining) = (null, null);
            if (JobWord.IsTerminal(job.Status))
            {
                return;
            }

            (job.Status, job.PriceUsd) = (status, due);
            jobs.AddEvent(job, type, message, level, model: status is JobWord.Completed ? job.OutputName : string.Empty);
        });
    }

    private static void StopIfAsked(JobRecord job)
    {
        if (job.Status is JobWord.CancelRequested or JobWord.Cancelled)
        {
            throw new OperationCanceledException();
        }
    }

    private static string LossesOf(JobRecord job)
    {
        var training = job.Metrics.FindLast(metric => !metric.IsEvaluation);
        var validation = job.Metrics.FindLast(metric => metric.IsEvaluation);
        return (training is null ? string.Empty : Invariant($", loss {training.Loss:0.0000}"))
            + (validation is null ? string.Empty : Invariant($", validation loss {validation.Loss:0.0000}"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
