using Cake.Core;

namespace Cake.Frosting;

/// <summary>Setup before the first task.</summary>
public abstract class FrostingSetup : FrostingSetup<ICakeContext>;

/// <summary>Setup before the first task.</summary>
/// <typeparam name="TContext">The context it works on.</typeparam>
public abstract class FrostingSetup<TContext> : IFrostingSetup
    where TContext : ICakeContext
{
    /// <inheritdoc cref="IFrostingSetup.Setup"/>
    public abstract void Setup(TContext context, ISetupContext info);

    void IFrostingSetup.Setup(ICakeContext context, ISetupContext info) => Setup((TContext)context, info);
}
