namespace Cfx.Core.Training;

/// <summary>How a thing at a provider stands to this project's records.</summary>
public enum RemoteClaim
{
    /// <summary>This project's, and no record needs it any more.</summary>
    Unneeded,

    /// <summary>A record names it.</summary>
    Needed,

    /// <summary>A job that has not ended, or a file that such a job works with.</summary>
    UnderWay,

    /// <summary>It may be of another copy of the project, and is never deleted: a file with a name that this project gives and another size than anything
    /// here or another id than a record's, or a job that only its training file connects with this project.</summary>
    Unsure,
}
