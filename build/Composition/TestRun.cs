using System.Globalization;
using System.Xml.Linq;
using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Test;
using Cfx.Build.Composition.Providers;

namespace Cfx.Build.Composition;

/// <summary>Runs the test projects and adds up what they report.</summary>
internal static class TestRun
{
    private static readonly Dictionary<string, (string Project, string? Filter)[]> Areas = new()
    {
        ["all"] = [("Cfx.sln", null)],
        ["processing"] =
        [
            ("tests/Cfx.Core.Tests", "FullyQualifiedName~Core.Tests.Conversations|FullyQualifiedName~Core.Tests.Generation|FullyQualifiedName~Core.Tests.Artifacts"),
        ],
        ["finetune"] =
        [
            ("tests/Cfx.Core.Tests", "FullyQualifiedName~Core.Tests.Training"), ("tests/Cfx.Together.Tests", null), ("tests/Cfx.Sandbox.Tests", null), ("tests/Contract.Tests", null),
        ],
        ["evaluate"] =
        [
            ("tests/Cfx.Core.Tests", "FullyQualifiedName~Core.Tests.Evaluation|FullyQualifiedName~Core.Tests.Statistics|FullyQualifiedName~Core.Tests.Reporting"),
        ],
        ["end-to-end"] = [("tests/Cake.Frosting.Tests", null), ("tests/Build.Tests", null), ("tests/EndToEnd.Tests", null)],
    };

    /// <summary>Tests reach no provider and must not be able to: no key is handed on.</summary>
    public static Dictionary<string, string> WithoutSecrets() => ProviderKeys.Variables.ToDictionary(name => name, _ => string.Empty);

    /// <param name="context">Prints the tests' own output.</param>
    /// <param name="area">One of the test area's choices.</param>
    public static TestCounts Run(StudyContext context, string area)
    {
        var results = Path.Combine(context.Run.Root, ".cfx", "test-results");
        if (Directory.Exists(results))
        {
            Directory.Delete(results, recursive: true);
        }

        foreach (var (project, filter) in Areas[area])
        {
            context.DotNetTest(Path.Combine(context.Run.Root, project), new DotNetTestSettings
            {
                Configuration = "Release",
                NoBuild = true,
                NoLogo = true,
                Filter = filter,
                Loggers = ["console;verbosity=minimal", "trx"],
                ResultsDirectory = results,
                EnvironmentVariables = WithoutSecrets(),

                // A failed test must not end the run before the counts are known.
                HandleExitCode = _ => true,
            });
        }

        return Directory.Exists(results) ? Count(Directory.GetFiles(results, "*.trx", SearchOption.AllDirectories)) : new TestCounts(0, 0, 0);
    }

    private static TestCounts Count(IEnumerable<string> reports)
    {
        int passed = 0, failed = 0, skipped = 0;
        foreach (var report in reports)
        {
            var summary = XDocument.Load(report).Descendants().First(e => e.Name.LocalName == "ResultSummary");
            var counters = summary.Elements().First(e => e.Name.LocalName == "Counters");
            passed += Number(counters, "passed");
            skipped += Number(counters, "total") - Number(counters, "executed");
            failed += Number(counters, "failed") + Number(counters, "error") + Number(counters, "timeout") + Number(counters, "aborted");

            // A crashed test host reports no failed test.
            failed += summary.Attribute("outcome")?.Value is "Completed" or "Passed" || Number(counters, "failed") > 0 ? 0 : 1;
        }

        return new TestCounts(passed, failed, skipped);
    }

    private static int Number(XElement counters, string name) =>
        int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
}
