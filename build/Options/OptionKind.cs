namespace Cfx.Build.Options;

/// <summary>What an option's value is.</summary>
public enum OptionKind
{
    /// <summary>Any text that is not empty.</summary>
    Text,

    /// <summary>A name that is safe as part of a file's name: letters, digits, dot, dash and underscore.</summary>
    Name,

    /// <summary>An absolute http or https address.</summary>
    Address,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A number with a decimal point, whatever the machine's language.</summary>
    Number,

    /// <summary>True or false; the bare name means true.</summary>
    Flag,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>Texts separated by commas.</summary>
    List,
}
