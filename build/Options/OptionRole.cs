namespace Cfx.Build.Options;

/// <summary>Whether an option says what is made or only how.</summary>
public enum OptionRole
{
    /// <summary>In neither list of <see cref="OptionRoles"/>: a mistake that a test finds.</summary>
    Unclassified,

    /// <summary>Part of the fingerprint: another value makes the stage run again.</summary>
    Identity,

    /// <summary>Changes nothing about what is made: pace, place, patience.</summary>
    Runtime,
}
