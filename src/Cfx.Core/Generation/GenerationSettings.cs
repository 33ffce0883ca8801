namespace Cfx.Core.Generation;

/// <summary>How a model is asked.</summary>
/// <param name="Model">Its name at the provider.</param>
/// <param name="Temperature">0 to 2.</param>
/// <param name="TopP">Above 0 to 1.</param>
/// <param name="MaxTokens">At least 1.</param>
public sealed record GenerationSettings(string Model, double Temperature, double TopP, int MaxTokens);
