using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>A copy of the project in a folder of its own, built as the project is, in which build.sh runs as it does for a user.</summary>
internal sealed class Checkout : IDisposable
{
    private static readonly string[] LeftBehind = [".git", "tests", "obj", "TestResults", ".vs", ".idea"];

    private Checkout(string root) => Root = root;

    public string Root { get; }

    public string this[string relative] => Path.Combine(Root, relative);

    /// <summary>The project that these tests belong to.</summary>
    public static string Project { get; } = FindProject();

    /// <summary>A copy of the project without anything generated.</summary>
    /// <param name="prefix">How the folder's name begins.</param>
    public static Checkout OfProject(string prefix = "cfx-e2e-") => CopyOf(Project, IsSource, prefix);

    /// <summary>A copy with all that this one has made.</summary>
    public Checkout Clone() => CopyOf(Root, _ => true, "cfx-e2e-");

    /// <summary>A copy without anything generated, but for the sandbox's base models, which take seconds to train.</summary>
    public Checkout CloneUnmade() => CopyOf(
        Root, p => IsSource(p) || p == ".cfx/sandbox" || p.StartsWith(".cfx/sandbox/cache", StringComparison.Ordinal), "cfx-e2e-");

    /// <summary>Runs build.sh with no key in the environment.</summary>
    public Run Build(params string[] arguments) => BuildWith([], arguments);

    /// <summary>Runs build.sh with some variables set.</summary>
    public Run BuildWith(Dictionary<string, string> environment, params string[] arguments) => RunProcess(Start(environment, arguments));

    /// <summary>Starts build.sh and leaves it running.</summary>
    public Process Start(Dictionary<string, string> environment, params string[] arguments) =>
        StartScript(this["build.sh"], Path.GetTempPath(), environment, arguments);

    /// <summary>Starts build.sh by some path, in some folder.</summary>
    public static Process StartScript(string script, string workingFolder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = workingFolder };
        start.ArgumentList.Add(script);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static Run RunProcess(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new Run(process.ExitCode, output, error.Result);
        }
    }

    /// <summary>Edits a text file of the checkout.</summary>
    public void Edit(string relative, string before, string after)
    {
        var text = File.ReadAllText(this[relative]);
        Assert.That(text, Does.Contain(before), $"{relative} has changed; this test edits a part that it no longer has");
        var at = text.IndexOf(before, StringComparison.Ordinal);
        File.WriteAllText(this[relative], text[..at] + after + text[(at + before.Length)..]);
    }

    /// <summary>The content hash of every file that stages make, or of all files but logs and the built program, by path.</summary>
    public SortedDictionary<string, string> Snapshot(params string[] folders)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in folders.Length == 0 ? ["data", "models", "results"] : folders)
        {
            foreach (var file in Directory.EnumerateFiles(this[folder], "*", SearchOption.AllDirectories))
            {
                files[Path.GetRelativePath(Root, file).Replace('\\', '/')] = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
            }
        }

        return files;
    }

    public JsonNode Json(string relative) => JsonNode.Parse(File.ReadAllText(this[relative]))!;

    public IReadOnlyList<JsonNode> Lines(string relative) =>
        [.. File.ReadLines(this[relative]).Where(l => l.Length > 0).Select(l => JsonNode.Parse(l)!)];

    public void Dispose() => Directory.Delete(Root, recursive: true);

    // What a CI system or a user's shell has set must not change what these tests see.
    private static bool IsForeign(string name) =>
        name.StartsWith("GITHUB_", StringComparison.Ordinal) || name.StartsWith("TOGETHER_", StringComparison.Ordinal) ||
        name.StartsWith("TF_", StringComparison.Ordinal) || name.StartsWith("GITLAB_", StringComparison.Ordinal) ||
        name.StartsWith("CI_", StringComparison.Ordinal) || name is "CI" or "TEAMCITY_VERSION";

    private static Checkout CopyOf(string from, Func<string, bool> wanted, string prefix)
    {
        var checkout = new Checkout(Directory.CreateTempSubdirectory(prefix).FullName);
        Copy(from, checkout.Root, wanted);
        return checkout;
    }

    private static bool IsSource(string relative)
    {
        var parts = relative.Split('/', 3);
        return parts[0] switch
        {
            ".cfx" => parts.Length == 1 || parts[1] == "build.stamp",
            "data" => parts.Length == 1 || parts[1] is "conversations.json" or "README.md",
            // What the host needs of them stands beside it.
            "src" => parts.Length < 3 || !(parts[2] == "bin" || parts[2].StartsWith("bin/", StringComparison.Ordinal)),
            "models" or "results" => parts.Length == 1 || parts[1] == "README.md",
            _ => true,
        };
    }

    // Times are kept, since build.sh compares them; a folder's own after its files are in place.
    private static void Copy(string from, string to, Func<string, bool> wanted, string prefix = "")
    {
        Directory.CreateDirectory(to);
        foreach (var file in new DirectoryInfo(from).GetFiles())
        {
            if (wanted(prefix + file.Name))
            {
                file.CopyTo(Path.Combine(to, file.Name));
                File.SetLastWriteTimeUtc(Path.Combine(to, file.Name), file.LastWriteTimeUtc);
            }
        }

        foreach (var folder in new DirectoryInfo(from).GetDirectories())
        {
            if (!LeftBehind.Contains(folder.Name) && wanted(prefix + folder.Name))
            {
                Copy(folder.FullName, Path.Combine(to, folder.Name), wanted, prefix + folder.Name + "/");
            }
        }

        Directory.SetLastWriteTimeUtc(to, Directory.GetLastWriteTimeUtc(from));
    }

    private static string FindProject()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cfx.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run inside the project's folder.");
        }

        return folder;
    }
}
