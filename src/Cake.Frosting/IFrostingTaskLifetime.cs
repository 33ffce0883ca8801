namespace Cake.Frosting;

/// <summary>What runs around each task.</summary>
public interface IFrostingTaskLifetime : IFrostingTaskSetup, IFrostingTaskTeardown;
