namespace Cake.Frosting;

/// <summary>What runs around the whole run.</summary>
public interface IFrostingLifetime : IFrostingSetup, IFrostingTeardown;
