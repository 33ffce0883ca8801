namespace Cfx.Together.Tests.Serving;

/// <summary>The end of a process, as far as one process can show it.</summary>
internal sealed class CrashException() : Exception("crashed");
