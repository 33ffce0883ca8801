namespace Cfx.Sandbox.Tests.Support;

/// <summary>Removes what the tests of this run wrote.</summary>
[SetUpFixture]
internal sealed class CleanUp
{
    [OneTimeTearDown]
    public void Remove()
    {
        var root = Path.Combine(Path.GetTempPath(), "cfx-sandbox-tests");
        if (Directory.Exists(root))
        {
            foreach (var folder in Directory.EnumerateDirectories(root, $"{Environment.ProcessId}-*"))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
