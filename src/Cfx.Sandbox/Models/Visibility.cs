using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Cfx.Sandbox.Tests")]
