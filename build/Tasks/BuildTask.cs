using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Build;
using Cake.Frosting;
using Cfx.Build.Composition;

namespace Cfx.Build.Tasks;

[TaskName("Build")]
[TaskDescription("Compiles the whole solution, warnings as errors")]
internal sealed class BuildTask : FrostingTask<StudyContext>
{
    public override void Run(StudyContext context) => context.DotNetBuild(
        Path.Combine(context.Run.Root, "Cfx.sln"),
        new DotNetBuildSettings { Configuration = "Release", NoLogo = true, EnvironmentVariables = TestRun.WithoutSecrets() });
}
