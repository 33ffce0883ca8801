using Cfx.Core;
using Cfx.Core.Training;

namespace Cfx.Build.Composition.Planning;

/// <summary>How long training takes, by the jobs on record in this folder. No provider says so before a job is created.</summary>
internal sealed class JobTimes
{
    private readonly IReadOnlyList<JobRecord> _jobs;

    private JobTimes(IReadOnlyList<JobRecord> jobs) => _jobs = jobs;

    /// <param name="folder">Where the studies' models are; need not exist.</param>
    /// <param name="provider">Whose jobs count, as their records name it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<JobTimes> ReadAsync(string folder, string provider, CancellationToken cancellationToken)
    {
        var jobs = new List<JobRecord>();
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "*_job.json", SearchOption.AllDirectories) : [];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            try
            {
                if (await JobRecord.ReadAsync(path, cancellationToken) is { IsCompleted: true, DurationSeconds: > 0 } job && job.Provider == provider && Work(job) > 0)
                {
                    jobs.Add(job);
                }
            }
            catch (MisuseException)
            {
                // The run that needs this record says what is wrong with it; a plan goes by the others.
            }
        }

        return new JobTimes(jobs);
    }

    /// <summary>How many jobs of a model tell.</summary>
    public int Count(string model) => _jobs.Count(j => j.BaseModel == model);

    /// <summary>The expected time of a job: the mean of what each earlier one of the model says, in proportion to its data and epochs, but never less than that
    /// job took, since waiting and loading take their time whatever there is to train on. Null where there was none.</summary>
    /// <param name="model">The model that is trained.</param>
    /// <param name="bytes">Of the training file.</param>
    /// <param name="epochs">Passes over it.</param>
    public TimeSpan? For(string model, long bytes, long epochs)
    {
        var seconds = _jobs.Where(j => j.BaseModel == model).Select(j => j.DurationSeconds!.Value * Math.Max(1, (double)bytes * epochs / Work(j))).ToList();
        return seconds.Count == 0 ? null : TimeSpan.FromSeconds(seconds.Average());
    }

    private static double Work(JobRecord job) => (double)job.TrainingFile.Bytes * job.Hyperparameters.Epochs;
}
