namespace Cfx.Core.Training;

/// <summary>Fine-tuning at a provider.</summary>
public interface IFineTuningService
{
    /// <summary>Uploads a training file and waits until the provider has processed it.</summary>
    /// <returns>The provider's file id.</returns>
    /// <exception cref="Generation.ProviderException">The upload failed or the provider found the file invalid.</exception>
    Task<string> UploadAsync(string path, IProgressSink progress, CancellationToken cancellationToken);

    /// <summary>Creates a job. A paid call: it is sent once and never retried; after an unclear failure look with <see cref="ListAsync"/>.</summary>
    Task<FineTuningJob> CreateAsync(FineTuningRequest request, CancellationToken cancellationToken);

    Task<FineTuningJob> GetAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>All events so far, oldest first.</summary>
    Task<IReadOnlyList<FineTuningEvent>> EventsAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Every job of the account, to look for one. A job that cannot be read may be the one, so it makes the list unusable.</summary>
    /// <exception cref="Generation.ProviderException">The provider could not be reached or refused, or one of its jobs cannot be read.</exception>
    Task<IReadOnlyList<FineTuningJob>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The jobs that made, or are to make, a model of this name. Only a job that cannot be read and speaks of it makes the list unusable.</summary>
    /// <exception cref="Generation.ProviderException">The provider could not be reached or refused, or such a job cannot be read.</exception>
    async Task<IReadOnlyList<FineTuningJob>> ListMakersAsync(string model, CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken)).Where(j => j.OutputModel == model)];

    /// <summary>The account's jobs, to be shown: one that cannot be read is left out with a warning.</summary>
    /// <exception cref="Generation.ProviderException">The provider could not be reached or refused.</exception>
    Task<IReadOnlyList<FineTuningJob>> ListReadableAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    Task<FineTuningJob> CancelAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Deletes a job and the models it made.</summary>
    /// <exception cref="MisuseException">The provider deletes no jobs.</exception>
    Task DeleteAsync(string jobId, CancellationToken cancellationToken) =>
        throw new MisuseException($"This provider deletes no jobs, so {jobId} stays.");

    /// <summary>What may be asked of a base model; null when the provider does not say.</summary>
    Task<FineTuningLimits?> LimitsAsync(string baseModel, CancellationToken cancellationToken);

    /// <summary>The training curve so far, in step order; empty when the provider keeps none.</summary>
    Task<IReadOnlyList<FineTuningMetric>> MetricsAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>What a job would cost, before it is created; null when the provider does not say.</summary>
    Task<FineTuningEstimate?> EstimateAsync(FineTuningRequest request, CancellationToken cancellationToken);
}
