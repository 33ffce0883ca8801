using Build.Tests.Demo;
using Cake.Frosting;
using Cfx.Build.Host;
using Cfx.Build.Options;

// The demonstration host, started by the tests as a process of its own.
return await CfxHost.RunAsync<DemoContext>(new CfxHostSettings
{
    Arguments = args,
    Catalog = StudyOptions.CreateCatalog(),
    TaskTypes = DemoTypes.All,
    ConfigureServices = static (services, _) => services.UseTeardown<DemoTeardown>(),
    LogToFile = false,
});
