using Cfx.Core.Conversations;

namespace Cfx.Core.Evaluation;

/// <summary>A conversation up to where an arm answers.</summary>
/// <param name="ItemId">Unique within a file.</param>
/// <param name="ConversationId">Groups items for clustered errors.</param>
/// <param name="Category">The item's category ("UR2"); null when the file has none.</param>
/// <param name="Context">Ends with a user message.</param>
public sealed record TestContext(string ItemId, string ConversationId, string? Category, IReadOnlyList<Message> Context);
