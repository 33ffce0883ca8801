using Cfx.Core.Conversations;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Core.Tests.Training;

internal static class TrainingGenerators
{
    /// <summary>Well-formed conversations: perhaps a system message, then one to seven exchanges.</summary>
    public static Gen<IReadOnlyList<Message>> Conversation() =>
        from hasSystem in Gen.Elements(true, false)
        from exchanges in Gen.Choose(1, 7)
        from texts in Text().ListOf((exchanges * 2) + 1)
        select Build(hasSystem, [.. texts]);

    /// <summary>Text with something to see in it, with what JSON must escape and what needs two UTF-16 units.</summary>
    private static Gen<string> Text() =>
        from parts in Gen.Elements("x", " ", "\"", "\\", "\n", "é", "🙂", "שלום", "\u0001", "{}", "\u2028").ListOf()
        select "." + string.Concat(parts);

    private static IReadOnlyList<Message> Build(bool hasSystem, IReadOnlyList<string> texts) =>
    [
        .. hasSystem ? [new Message(Roles.System, texts[0])] : Array.Empty<Message>(),
        .. texts.Skip(1).Select((t, i) => new Message(i % 2 == 0 ? Roles.User : Roles.Assistant, t)),
    ];
}
