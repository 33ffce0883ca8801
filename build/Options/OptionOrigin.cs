namespace Cfx.Build.Options;

/// <summary>Who gave an option its value; a later one wins over an earlier one.</summary>
public enum OptionOrigin
{
    Default,
    StudyFile,
    CommandLine,
}
