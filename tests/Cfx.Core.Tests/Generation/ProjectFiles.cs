namespace Cfx.Core.Tests.Generation;

/// <summary>Finds files of the working copy, wherever the tests are built to.</summary>
internal static class ProjectFiles
{
    internal static string Prompts => Path.Combine(Root, "prompts");

    internal static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cfx.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("The tests are not inside the project's folder.");
        }
    }
}
