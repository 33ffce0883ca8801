using System.Text.Json.Nodes;
using Cfx.Core.Conversations;

namespace Cfx.Core.Reporting;

/// <summary>Who served the models of a comparison, as its file's metadata tells it.</summary>
/// <param name="Roles">Provider by role ("generator", "arms", "judge"); one role, "judge", where the file tells no more.</param>
internal sealed record EvaluationProviders(IReadOnlyList<(string Role, string Provider)> Roles)
{
    private const string Sandbox = "sandbox";

    /// <summary>Each provider once.</summary>
    public IEnumerable<string> Names => Roles.Select(r => r.Provider).Distinct(StringComparer.Ordinal);

    /// <summary>Whether any of the models was the sandbox's: the figures then say nothing about real ones, whoever served the rest.</summary>
    public bool HasSandbox => Roles.Any(r => r.Provider == Sandbox);

    /// <summary>The roles that the sandbox had where it did not have all of them; none otherwise.</summary>
    public IReadOnlyList<string> SandboxAmongOthers => HasSandbox && Names.Skip(1).Any() ? [.. Roles.Where(r => r.Provider == Sandbox).Select(r => r.Role)] : [];

    /// <summary>Equal for comparisons that were made with the same providers.</summary>
    public string Key => string.Join(", ", Roles.Select(r => Roles.Count == 1 ? r.Provider : $"{r.Role} {r.Provider}"));

    public static EvaluationProviders Of(JsonObject metadata)
    {
        var roles = metadata["providers"] is JsonObject told
            ? told.Select(p => (p.Key, RecordFields.Text(told, p.Key))).Where(p => p.Item2 is not null).Select(p => (p.Key, p.Item2!)).ToList()
            : [];
        return new EvaluationProviders(roles.Count > 0 ? roles : [("judge", RecordFields.Text(metadata, "provider") ?? "unknown")]);
    }
}
