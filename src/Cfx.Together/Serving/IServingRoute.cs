using Cfx.Core.Generation;

namespace Cfx.Together.Serving;

/// <summary>One of the provider's APIs for serving a model on hardware of its own.</summary>
internal interface IServingRoute
{
    ServingWay Way { get; }

    /// <summary>What serving a model would take. Makes nothing.</summary>
    Task<ServingOffer> OfferAsync(string model, CancellationToken cancellationToken);

    /// <summary>What is there under a lease's name, best first.</summary>
    /// <exception cref="ProviderException">The provider could not be reached or refused, or something there cannot be told from what is wanted.</exception>
    Task<IReadOnlyList<RemoteServing>> FindAsync(ServingRecord record, CancellationToken cancellationToken);

    /// <summary>Everything that the account has, to be shown or stopped; what cannot be read is left out with a warning.</summary>
    Task<IReadOnlyList<RemoteServing>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes it: a paid call, sent once. What is there of it already is taken, so it may be called again after a look.</summary>
    /// <exception cref="ProviderException">Refused, or it is not clear whether it was made.</exception>
    Task<RemoteServing> CreateAsync(ServingRecord record, ServingOffer offer, CancellationToken cancellationToken);

    /// <summary>How it stands; null when it is gone.</summary>
    Task<RemoteServing?> LookAsync(ServingRecord record, CancellationToken cancellationToken);

    /// <summary>Starts what was stopped. Doing it twice does no harm.</summary>
    Task StartAsync(ServingRecord record, CancellationToken cancellationToken);

    /// <summary>Does what is left to do before a model that is ready gets calls, and sees that it stops when idle. Doing it twice does no harm.</summary>
    Task OpenAsync(ServingRecord record, CancellationToken cancellationToken);

    /// <summary>Ends all cost. Doing it twice does no harm; what is gone is stopped.</summary>
    Task StopAsync(ServingRecord record, CancellationToken cancellationToken);

    /// <summary>Removes what was stopped, where the provider lets one.</summary>
    /// <exception cref="ProviderException">It stays, stopped.</exception>
    Task RemoveAsync(ServingRecord record, CancellationToken cancellationToken);
}
