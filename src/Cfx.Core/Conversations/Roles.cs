namespace Cfx.Core.Conversations;

/// <summary>The roles a message may have.</summary>
public static class Roles
{
    public const string System = "system";
    public const string User = "user";
    public const string Assistant = "assistant";
}
