using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Schema;

/// <summary>The provider's own description of its API, with its contradictions read and the supplement laid over it.</summary>
internal sealed class Specification
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    private Specification(JsonObject root, IReadOnlySet<string> specified, IReadOnlyList<Reading> unneeded)
    {
        Validator = new SchemaValidator(root);
        UnneededReadings = unneeded;
        Operations =
        [
            .. from path in root["paths"]!.AsObject()
               from method in Methods
               where path.Value![method] is not null
               let name = $"{method.ToUpperInvariant()} {path.Key}"
               select new Operation(method.ToUpperInvariant(), path.Key, path.Value![method]!.AsObject(), specified.Contains(name)),
        ];
    }

    public SchemaValidator Validator { get; }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Readings of what is no longer contradictory.</summary>
    public IReadOnlyList<Reading> UnneededReadings { get; }

    public JsonObject Error { get; } = new() { ["$ref"] = "#/components/schemas/ErrorData" };

    /// <summary>Looks for shared/together/openapi.yaml beside the project's root. From a second work tree, whose neighbours are other ones,
    /// it may lie further up.</summary>
    /// <returns>Null where there is none.</returns>
    public static string? Find()
    {
        var root = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Cfx.sln")))
        {
            root = root.Parent;
        }

        for (var beside = root?.Parent; beside is not null; beside = beside.Parent)
        {
            var path = Path.Combine(beside.FullName, "shared", "together", "openapi.yaml");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    public static Specification Load(string path)
    {
        using var text = File.OpenText(path);
        var root = YamlText.Read(text);
        var specified = root["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}")).ToHashSet(StringComparer.Ordinal);
        var unneeded = Readings.All.Where(reading => !reading.Apply(root)).ToList();
        using var stream = typeof(Specification).Assembly.GetManifestResourceStream("Supplement.yaml")!;
        using var reader = new StreamReader(stream);
        Lay(YamlText.Read(reader), root);
        return new Specification(root, specified, unneeded);
    }

    /// <summary>The operation that a request is; a path without variables wins over one with. Null when there is none.</summary>
    public Operation? Match(string method, string path) =>
        Operations.Where(operation => operation.Matches(method, path)).MinBy(operation => operation.Braces);

    private static void Lay(JsonObject over, JsonObject target)
    {
        foreach (var (name, value) in over)
        {
            if (value is JsonObject section && target[name] is JsonObject present)
            {
                Lay(section, present);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
