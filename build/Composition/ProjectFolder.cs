namespace Cfx.Build.Composition;

/// <summary>The folder that paths of a study are relative to.</summary>
internal static class ProjectFolder
{
    /// <summary>The nearest folder above the program that holds the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none: the program was taken out of the project.</exception>
    public static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cfx.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {start} holds Cfx.sln; start the program with build.sh in the project's folder.");
    }
}
