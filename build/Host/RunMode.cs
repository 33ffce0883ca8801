namespace Cfx.Build.Host;

/// <summary>What a command line asks the host to do.</summary>
public enum RunMode
{
    /// <summary>Nothing was asked: say what can be.</summary>
    Overview,

    /// <summary>Run the targets.</summary>
    Run,

    /// <summary>Say in a line a target what would run.</summary>
    DryRun,

    /// <summary>Say for each target what changed.</summary>
    Explain,

    /// <summary>Draw the graph.</summary>
    Tree,

    /// <summary>List targets with descriptions.</summary>
    Description,

    /// <summary>Targets and options, or those of one target.</summary>
    Help,

    /// <summary>The version.</summary>
    Version,
}
