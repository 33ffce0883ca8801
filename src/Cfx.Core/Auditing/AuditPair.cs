using Cfx.Core.Evaluation;
using Cfx.Core.Generation;

namespace Cfx.Core.Auditing;

/// <summary>A new answer against the one that drew the feedback.</summary>
internal sealed record AuditPair(TestContext Context, bool IsLiked, string Answer, string Before)
{
    internal string ItemId => Context.ItemId;

    internal ResponseRecord NewAnswer => Whole(AuditStage.New, Answer);

    internal ResponseRecord OriginalAnswer => Whole(AuditStage.Original, Before);

    private ResponseRecord Whole(string model, string text) => new(Context, model, text, ChatCall.Complete, "stop", null, null, null, null);
}
