using Cfx.Core.Conversations;

namespace Cfx.Sandbox.Hosting;

/// <summary>A model that answers. Safe to call from several threads.</summary>
internal interface IServedModel
{
    /// <summary>Answers a conversation; the same arguments give the same answer.</summary>
    ModelAnswer Complete(IReadOnlyList<Message> messages, double temperature, double topP, int maxTokens, ulong seed);
}
