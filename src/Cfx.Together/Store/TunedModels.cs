using Cfx.Core.Generation;
using Cfx.Core.Training;

namespace Cfx.Together.Store;

/// <summary>Tells a tuned model from an earlier one of the same name: by the job that made it.</summary>
/// <param name="jobs">The jobs of the provider that serves the models.</param>
public sealed class TunedModels(IFineTuningService jobs)
{
    /// <summary>The id of the newest complete job that made a model of this name; null for a model that no job made, or where there are no
    /// jobs.</summary>
    /// <exception cref="ProviderException">The provider could not be reached or refused.</exception>
    public async Task<string?> IdentityAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            return (await jobs.ListMakersAsync(model, cancellationToken))
                .Where(j => j.Status == JobStatus.Completed)
                .OrderByDescending(j => j.CreatedAt ?? DateTimeOffset.MinValue)
                .ThenBy(j => j.Id, StringComparer.Ordinal)
                .FirstOrDefault()?.Id;
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or 501)
        {
            return null;
        }
    }
}
