using Cake.Core;

namespace Cake.Frosting;

/// <summary>A context over the engine's own one; the base class of a project's context.</summary>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext;
