namespace Cfx.Build.Options;

/// <summary>Makes <c>--target=Study --pilot=30</c> mean the target Pilot: who sizes a pilot does not want the whole study.</summary>
internal static class PilotArguments
{
    private const string Study = "Study";
    private const string Pilot = "Pilot";

    public static IReadOnlyList<string> Apply(IReadOnlyList<string> arguments)
    {
        if (!arguments.Any(a => IsOption(a, "--pilot") || IsOption(a, "--study-pilot")))
        {
            return arguments;
        }

        var result = arguments.ToList();
        for (var i = 0; i < result.Count; i++)
        {
            foreach (var name in (string[])["--target", "-t"])
            {
                if (string.Equals(result[i], $"{name}={Study}", StringComparison.OrdinalIgnoreCase))
                {
                    result[i] = $"{name}={Pilot}";
                }
                else if (result[i] == name && i + 1 < result.Count && string.Equals(result[i + 1], Study, StringComparison.OrdinalIgnoreCase))
                {
                    result[i + 1] = Pilot;
                }
            }
        }

        return result;
    }

    private static bool IsOption(string argument, string name) => argument == name || argument.StartsWith(name + "=", StringComparison.Ordinal);
}
