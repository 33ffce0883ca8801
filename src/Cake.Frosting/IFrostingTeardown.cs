using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs once after the last task, also after a failure.</summary>
public interface IFrostingTeardown
{
    void Teardown(ICakeContext context, ITeardownContext info);
}
