using Cake.Core.IO;

namespace Cake.Frosting.Internal;

/// <summary>The folder a run works in.</summary>
public sealed record WorkingDirectory(DirectoryPath Path);
