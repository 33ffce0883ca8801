namespace Cake.Frosting.Internal;

/// <summary>One value of Cake's own configuration, set in code.</summary>
public sealed record FrostingConfigurationValue(string Key, string Value);
