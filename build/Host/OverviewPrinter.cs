using Cfx.Build.Options;

namespace Cfx.Build.Host;

/// <summary>What can be asked for: targets, options, the graph.</summary>
public sealed class OverviewPrinter(HostConsole console, TaskGraph graph, CfxHostSettings settings)
{
    /// <summary>For who starts the program by itself.</summary>
    public void WriteOverview()
    {
        if (settings.About.Length > 0)
        {
            console.WriteLine(settings.About);
            console.WriteLine();
        }

        console.WriteLine($"Usage: {settings.Command} --target=NAME [options]");
        console.WriteLine();
        WriteDescriptions([.. graph.Catalog.Tasks.Select(t => t.Name)]);
        console.WriteLine();
        console.WriteLine($"{settings.Command} --help lists the options, {settings.Command} --target=NAME --help those of one target.");
        console.WriteLine($"{settings.Command} --target=NAME --dryrun says what would run. Nothing was run now.");
    }

    /// <summary>Every target with its description.</summary>
    public void WriteDescriptions(IReadOnlyList<string> targets)
    {
        console.WriteLine("Targets:");
        WriteRows(targets.Select(n => (n, graph.Catalog.Find(n)!.Description ?? string.Empty)));
    }

    /// <summary>All targets and the host's options, or what the targets named take.</summary>
    public void WriteHelp(IReadOnlyList<string> targets)
    {
        if (targets.Count == 0)
        {
            WriteOverview();
            console.WriteLine();
            console.WriteLine("Options of every target:");
            WriteRows(HostCommandLine.HostOptions.Select(o => ($"--{o.Name}", o.Help)).Concat(Rows(OptionCatalog.StudySection, qualified: false)));
            return;
        }

        foreach (var target in targets)
        {
            WriteTarget(graph.Catalog.Find(target)!.Name);
        }
    }

    /// <summary>What depends on what, drawn from the targets named or from all that nothing depends on.</summary>
    public void WriteTree(IReadOnlyList<string> targets)
    {
        var drawn = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var root in targets.Count > 0 ? targets : graph.Roots())
        {
            var name = graph.Catalog.Find(root)!.Name;
            console.WriteLine(name);
            drawn.Add(name);
            WriteBranches(name, string.Empty, drawn);
        }
    }

    private void WriteBranches(string target, string indent, HashSet<string> drawn)
    {
        var before = graph.Before(target);
        for (var i = 0; i < before.Count; i++)
        {
            var isLast = i == before.Count - 1;
            var again = !drawn.Add(before[i]) && graph.Before(before[i]).Count > 0;
            console.WriteLine($"{indent}{(isLast ? "└─ " : "├─ ")}{before[i]}{(again ? " (as above)" : string.Empty)}");
            if (!again)
            {
                WriteBranches(before[i], indent + (isLast ? "   " : "│  "), drawn);
            }
        }
    }

    private void WriteTarget(string target)
    {
        console.WriteLine($"{target}: {graph.Catalog.Find(target)!.Description}");
        var scope = graph.ScopeOf([target]);
        foreach (var section in settings.Catalog.Sections.Where(scope.Own.Contains))
        {
            WriteSection($"Options of {target} ({section}):", section, qualified: false);
        }

        foreach (var section in settings.Catalog.Sections.Where(s => scope.Predecessors.Contains(s) && !s.Equals(OptionCatalog.StudySection, StringComparison.Ordinal)))
        {
            WriteSection($"Of the stages before it ({section}):", section, qualified: true);
        }

        if (!scope.Own.Contains(OptionCatalog.StudySection))
        {
            WriteSection("Of the study:", OptionCatalog.StudySection, qualified: true);
        }

        console.WriteLine();
    }

    private void WriteSection(string title, string section, bool qualified)
    {
        var rows = Rows(section, qualified).ToList();
        if (rows.Count > 0)
        {
            console.WriteLine();
            console.WriteLine(title);
            WriteRows(rows);
        }
    }

    private IEnumerable<(string Name, string Help)> Rows(string section, bool qualified) =>
        settings.Catalog.Section(section).Select(o => (Names(o, qualified), $"{o.Help} {Details(o)}"));

    private static string Names(OptionDefinition option, bool qualified) =>
        qualified ? $"--{option.QualifiedName}" : string.Join(", ", option.ShortNames.Select(s => $"-{s}").Append($"--{option.Key}"));

    private static string Details(OptionDefinition option)
    {
        var expected = option.Kind is OptionKind.Text or OptionKind.Flag ? string.Empty : option.Expected;
        var value = (option.Kind, option.Default, option.SandboxDefault) switch
        {
            (OptionKind.Flag, "true", _) => "default on",
            (OptionKind.Flag, _, _) => string.Empty,
            (_, null, _) => string.Empty,
            (_, var d, null) => $"default {d}",
            (_, var d, var s) => $"default {d}, on the sandbox {s}",
        };
        var parts = new[] { expected, value }.Where(p => p.Length > 0).ToList();
        return parts.Count == 0 ? string.Empty : $"[{string.Join("; ", parts)}]";
    }

    private void WriteRows(IEnumerable<(string Name, string Help)> rows)
    {
        var list = rows.ToList();
        var width = list.Count == 0 ? 0 : list.Max(r => r.Name.Length);
        foreach (var (name, help) in list)
        {
            console.WriteLine($"  {name.PadRight(width)}  {help}".TrimEnd());
        }
    }
}
