using System.Globalization;
using System.Text.Json;

namespace Cfx.Build.Options;

public static partial class StudyFile
{
    private sealed partial class Run
    {
        private const string SweepKey = "sweep";
        private static readonly string[] ArmKeys = ["name", "method"];

        public List<ArmDefinition>? Arms { get; private set; }

        private void ReadArms(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                Fault(reader.TokenStartIndex, "'arms' must be a list of objects: [ { \"name\": …, \"method\": … } ]");
                reader.Skip();
                return;
            }

            Arms = [];
            var at = reader.TokenStartIndex;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    Fault(reader.TokenStartIndex, "an arm must be an object: { \"name\": …, \"method\": … }");
                    reader.Skip();
                    continue;
                }

                ReadArm(ref reader);
            }

            if (Arms.Count == 0 && Faults.Count == 0)
            {
                Fault(at, "'arms' is empty: a study compares the base with at least one trained arm. Leave 'arms' out for the default ones");
            }
        }

        private void ReadArm(ref Utf8JsonReader reader)
        {
            var start = reader.TokenStartIndex;
            var settings = new List<OptionValue>();
            var sweep = new List<(string Key, IReadOnlyList<OptionValue> Values)>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            string? name = null;
            string? method = null;
            var where = $"arms[{Arms!.Count}]";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = Key(ref reader, seen, where + ".", out var at);
                if (key.Equals(SweepKey, StringComparison.Ordinal))
                {
                    ReadSweep(ref reader, $"{where}.{key}", sweep);
                    continue;
                }

                if (!ArmKeys.Contains(key, StringComparer.Ordinal))
                {
                    ReadOption(ref reader, "finetune", key, $"{where}.{key}", at, settings, [.. ArmKeys, SweepKey]);
                    continue;
                }

                if (reader.TokenType != JsonTokenType.String)
                {
                    Fault(at, $"'{where}.{key}' must be a text, not {Describe(reader.TokenType)}");
                    reader.Skip();
                }
                else if (key.Equals("name", StringComparison.Ordinal))
                {
                    name = ArmName(reader.GetString()!, where, at);
                }
                else
                {
                    method = ArmMethod(reader.GetString()!, where, at);
                }
            }

            foreach (var missing in ArmKeys.Where(k => !seen.Contains(k)))
            {
                Fault(start, $"'{where}' has no '{missing}'");
            }

            if (name is not null && method is not null)
            {
                Add(start, where, new ArmDefinition(name, method, settings.ToDictionary(s => s.Definition.Key, StringComparer.Ordinal)), sweep);
            }
        }

        private void Add(long at, string where, ArmDefinition arm, List<(string Key, IReadOnlyList<OptionValue> Values)> sweep)
        {
            foreach (var key in sweep.Select(s => s.Key).Where(arm.Settings.ContainsKey))
            {
                Fault(at, $"'{where}' sweeps {key} and sets it too; leave one of them out");
            }

            if (Arms!.Count + ArmSweep.Count(sweep) is > ArmDefinition.Most and var count)
            {
                Fault(at, $"'{where}' brings the study to {count} trained arms; at most {ArmDefinition.Most} are possible, since each is a job that costs money. Sweep over less");
                return;
            }

            foreach (var one in ArmSweep.Expand(arm, sweep))
            {
                if (sweep.Count == 0 || ArmName(one.Name, where, at) is not null)
                {
                    Arms.Add(one);
                }
            }
        }

        private void ReadSweep(ref Utf8JsonReader reader, string where, List<(string Key, IReadOnlyList<OptionValue> Values)> sweep)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Fault(reader.TokenStartIndex, $"'{where}' must be an object of lists: {{ \"epochs\": [1, 3] }}");
                reader.Skip();
                return;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = Key(ref reader, seen, where + ".", out var at);
                if (!ArmSweep.Keys.Contains(key, StringComparer.Ordinal))
                {
                    var hint = NearestName.Hint(key, ArmSweep.Keys);
                    Fault(at, $"'{where}.{key}' cannot be swept{(hint.Length > 0 ? hint : $"; what can is {string.Join(", ", ArmSweep.Keys)}")}");
                    reader.Skip();
                    continue;
                }

                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    Fault(at, $"'{where}.{key}' must be a list of values, such as [1, 3]");
                    reader.Skip();
                    continue;
                }

                ReadSweepValues(ref reader, key, $"{where}.{key}", at, sweep);
            }
        }

        private void ReadSweepValues(
            ref Utf8JsonReader reader, string key, string where, long at, List<(string Key, IReadOnlyList<OptionValue> Values)> sweep)
        {
            var values = new List<OptionValue>();
            var number = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ReadOption(ref reader, "finetune", key, string.Create(CultureInfo.InvariantCulture, $"{where}[{number++}]"), reader.TokenStartIndex, values, []);
            }

            if (number == 0)
            {
                Fault(at, $"'{where}' is empty: list at least one value");
            }

            if (values.GroupBy(ArmSweep.Canonical, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            {
                Fault(at, $"'{where}' lists {twice.First().Text} twice");
            }
            else if (values.Count > 0)
            {
                sweep.Add((key, values));
            }
        }

        private string? ArmName(string name, string where, long at)
        {
            if (name.Length == 0 || !OptionDefinition.IsName(name))
            {
                Fault(at, $"'{where}.name' is '{name}': use letters, digits, '.', '-' and '_', at most 64, beginning with a letter or digit");
                return null;
            }

            if (name.Equals(ArmDefinition.Base, StringComparison.OrdinalIgnoreCase))
            {
                Fault(at, $"'{where}.name' is '{name}', which is the untuned model's: it is always in the study and needs no entry");
                return null;
            }

            if (Arms!.Any(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                Fault(at, $"'{where}.name' is '{name}', which another arm has already");
                return null;
            }

            return name;
        }

        private string? ArmMethod(string method, string where, long at)
        {
            if (StudyOptions.Methods.Contains(method, StringComparer.Ordinal))
            {
                return method;
            }

            Fault(at, $"'{where}.method' is '{method}', not one of {string.Join(", ", StudyOptions.Methods)}{NearestName.Hint(method, StudyOptions.Methods)}");
            return null;
        }
    }
}
