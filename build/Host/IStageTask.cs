namespace Cfx.Build.Host;

/// <summary>A task that knows whether it has anything to do. Tasks without it count as always running.</summary>
public interface IStageTask
{
    /// <summary>Looks, and changes nothing.</summary>
    /// <param name="wouldRun">Names of the targets before this one that would run, so that their outputs cannot be taken for final.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <exception cref="Cfx.Core.MisuseException">An input or the configuration is wrong; reported for all targets together.</exception>
    Task<StageOutlook> InspectAsync(IReadOnlySet<string> wouldRun, CancellationToken cancellationToken);
}
