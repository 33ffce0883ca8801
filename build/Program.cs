using Cake.Core;
using Cake.Core.IO;
using Cfx.Build;
using Cfx.Build.Composition;
using Cfx.Build.Host;
using Cfx.Build.Options;

var root = ProjectFolder.Find(AppContext.BaseDirectory);
var environment = new CakeEnvironment(new CakePlatform(), new CakeRuntime()) { WorkingDirectory = new DirectoryPath(root) };
return await CfxHost.RunAsync<StudyContext>(new CfxHostSettings
{
    Arguments = [.. PilotArguments.Apply(args)],
    Catalog = StudyOptions.CreateCatalog(),
    Assemblies = [typeof(StudyContext).Assembly],
    Environment = environment,
    ConfigureServices = (services, options) => StudyServices.Add(services, options, root, environment),
    CheckOptions = StudyChecks.Faults,
    About = "Does training on answers rewritten with users' feedback beat training on fresh alternatives?",
    Version = StudyServices.Version,
});
