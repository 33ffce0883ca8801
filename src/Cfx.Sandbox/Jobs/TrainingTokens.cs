using Cfx.Sandbox.Hosting;

namespace Cfx.Sandbox.Jobs;

/// <summary>Counts the tokens of examples, all messages included, as they are billed elsewhere.</summary>
internal static class TrainingTokens
{
    public static long Count(IReadOnlyList<TrainingExample> examples, IModelHost models) =>
        examples.Sum(example =>
            example.Messages.Sum(message => (long)models.CountTokens(message.Content)) + (example.Rejected is null ? 0 : models.CountTokens(example.Rejected)));
}
