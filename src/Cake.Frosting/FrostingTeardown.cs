using Cake.Core;

namespace Cake.Frosting;

/// <summary>Teardown after the last task.</summary>
public abstract class FrostingTeardown : FrostingTeardown<ICakeContext>;

/// <summary>Teardown after the last task.</summary>
/// <typeparam name="TContext">The context it works on.</typeparam>
public abstract class FrostingTeardown<TContext> : IFrostingTeardown
    where TContext : ICakeContext
{
    /// <inheritdoc cref="IFrostingTeardown.Teardown"/>
    public abstract void Teardown(TContext context, ITeardownContext info);

    void IFrostingTeardown.Teardown(ICakeContext context, ITeardownContext info) => Teardown((TContext)context, info);
}
