using Cake.Core;
using Cake.Frosting;

namespace Build.Tests.Demo;

public sealed class DemoTeardown : FrostingTeardown<DemoContext>
{
    public override void Teardown(DemoContext context, ITeardownContext info) => context.Console.WriteLine("torn down");
}
