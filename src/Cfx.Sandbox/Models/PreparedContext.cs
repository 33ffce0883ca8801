namespace Cfx.Sandbox.Models;

/// <summary>A context made ready to be scored against many responses.</summary>
/// <param name="Weighted">Its features, dense, times term weights and scale.</param>
/// <param name="Projected">Its projection, unscaled.</param>
/// <param name="Correction">Its projection through all bilinear corrections, times the scale.</param>
internal sealed record PreparedContext(float[] Weighted, float[] Projected, float[] Correction);
