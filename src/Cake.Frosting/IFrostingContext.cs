using Cake.Core;

namespace Cake.Frosting;

/// <summary>The context handed to every task; a project derives its own and keeps its state there.</summary>
public interface IFrostingContext : ICakeContext;
