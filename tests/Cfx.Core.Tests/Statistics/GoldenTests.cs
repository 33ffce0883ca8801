using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;
using Cfx.Core.Tests.Generation;

namespace Cfx.Core.Tests.Statistics;

/// <summary>Numbers computed independently of this code (arbitrary precision and other libraries), each with its tolerance.</summary>
public sealed class GoldenTests
{
    private static IEnumerable<TestCaseData> Cases() => Read("goldens.json");

    internal static IEnumerable<TestCaseData> Read(string file)
    {
        var path = Path.Combine(ProjectFiles.Root, "tests", "Cfx.Core.Tests", "Statistics", file);
        foreach (var golden in JsonNode.Parse(File.ReadAllText(path))!["cases"]!.AsArray())
        {
            yield return new TestCaseData(golden!.AsObject()).SetName($"The_reference_number_is_met({golden["name"]})");
        }
    }

    // As many as were computed, by kind: a section that is dropped from a file would otherwise be missed by nobody.
    private static readonly Dictionary<string, int> Sections = new(StringComparer.Ordinal)
    {
        ["bootstrap_percentile_limit"] = 3,
        ["bootstrap_seeded"] = 3,
        ["combine_orders"] = 9,
        ["context_hash"] = 1,
        ["davidson"] = 11,
        ["davidson_cluster"] = 1,
        ["e_value"] = 7,
        ["exact_power"] = 7,
        ["failure_bounds"] = 3,
        ["feedback_agreement"] = 1,
        ["half_credit"] = 10,
        ["half_credit_cluster"] = 3,
        ["holm"] = 8,
        ["kappa"] = 6,
        ["leakage"] = 1,
        ["legacy_order_stratified"] = 3,
        ["length_control"] = 5,
        ["mde"] = 18,
        ["paired_difference"] = 1,
        ["peeking_type1"] = 3,
        ["position_bias"] = 3,
        ["quantile_r7"] = 3,
        ["sample_size"] = 10,
        ["sign_flip"] = 3,
        ["sign_test"] = 25,
        ["splitmix64"] = 3,
        ["text_hash"] = 6,
        ["tost"] = 3,
        ["wilson"] = 27,
    };

    [Test]
    public void Every_section_of_the_reference_numbers_is_held_against_the_code()
    {
        var cases = new[] { "goldens.json", "goldens-analysis.json", "goldens-texts.json" }
            .SelectMany(Read).Select(c => (JsonObject)c.Arguments[0]!).DistinctBy(g => (string)g["name"]!);
        var found = cases.GroupBy(g => (string)g["kind"]!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

        Assert.That(found, Is.EquivalentTo(Sections));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_reference_number_is_met(JsonObject golden) => Check(golden, Compute);

    internal static void Check(JsonObject golden, Func<string, JsonObject, JsonObject> compute)
    {
        var inputs = golden["inputs"]!.AsObject();
        var actual = compute((string)golden["kind"]!, inputs);
        var (relative, absolute) = ((double)golden["tolerance"]!["rel"]!, (double)golden["tolerance"]!["abs"]!);
        foreach (var (name, expected) in golden["expected"]!.AsObject())
        {
            Assert.That(actual.ContainsKey(name), Is.True, $"{name} is not computed");
            Compare(name, expected, actual[name], relative, name == "log10_p" ? Math.Max(absolute, 1e-6) : absolute);
        }
    }

    private static JsonObject Compute(string kind, JsonObject i)
    {
        switch (kind)
        {
            case "sign_test":
                var sign = SignTest.TwoSided((long)i["wins"]!, (long)i["losses"]!);
                return new JsonObject { ["p_value"] = sign.PValue, ["log10_p"] = sign.Log10P };
            case "wilson":
                var wilson = Wilson.For((double)i["successes"]!, (long)i["n"]!, (double)i["confidence"]!);
                return new JsonObject { ["lower"] = wilson.Lower, ["upper"] = wilson.Upper };
            case "half_credit":
                return Json(HalfCredit.FromCounts((long)i["wins"]!, (long)i["ties"]!, (long)i["losses"]!, (double)i["confidence"]!));
            case "half_credit_cluster":
                var clustered = Clusters(i).Estimate((double)i["confidence"]!);
                var result = Json(clustered.HalfCredit);
                result["clusters"] = clustered.Clusters;
                result["se_iid"] = clustered.NaiveStandardError;
                result["design_effect"] = clustered.DesignEffect;
                result["t"] = clustered.T;
                result["p_value"] = clustered.PValue;
                return result;
            case "sign_flip":
                return new JsonObject { ["p_value"] = SignFlipTest.TwoSidedP(Clusters(i).CentredSums()) };
            case "holm":
                var adjusted = Holm.Adjust([.. i["p"]!.AsArray().Select(p => (double)p!)]);
                return new JsonObject
                {
                    ["adjusted"] = new JsonArray([.. adjusted.Select(p => (JsonNode)p)]),
                    ["reject_at_0.05"] = new JsonArray([.. adjusted.Select(p => (JsonNode)(p < 0.05))]),
                };
            case "splitmix64":
                return SplitMix((ulong)i["seed"]!, (int)i["n"]!);
            case "combine_orders":
                return Combined(Slot(i["normal_slot"]), Slot(i["reversed_slot"]));
            case "failure_bounds":
                return Bounds((int)i["wins"]!, (int)i["ties"]!, (int)i["losses"]!, (int)i["failed"]!);
            case "mde":
                return new JsonObject
                {
                    ["half_credit_delta"] = Power.DetectableEffect((long)i["n"]!, (double)i["tie_rate"]!, (double)i["alpha"]!, (double)i["power"]!),
                };
            case "sample_size":
                return new JsonObject
                {
                    ["n"] = Power.PairsNeeded((double)i["half_credit_delta"]!, (double)i["tie_rate"]!, (double)i["alpha"]!, (double)i["power"]!),
                };
            default:
                throw new InvalidOperationException($"Nothing computes {kind}.");
        }
    }

    private static JsonObject Json(HalfCreditResult r) => new()
    {
        ["n"] = r.N,
        ["half_credit"] = r.H,
        ["se"] = r.StandardError,
        ["lower"] = r.Interval.Lower,
        ["upper"] = r.Interval.Upper,
        ["method"] = r.Method,
        ["net_win"] = r.NetWin,
    };

    private static ClusterHalfCredit Clusters(JsonObject i)
    {
        var gathered = new ClusterHalfCredit();
        foreach (var (score, cluster) in i["scores"]!.AsArray().Zip(i["cluster"]!.AsArray()))
        {
            gathered.Add((string)cluster!, (double)score!);
        }

        return gathered;
    }

    private static JsonObject SplitMix(ulong seed, int n)
    {
        var (values, indices) = (new SplitMix64(seed), new SplitMix64(seed));
        return new JsonObject
        {
            ["u64"] = new JsonArray([.. Enumerable.Range(0, 4).Select(_ => (JsonNode)values.NextUInt64().ToString(System.Globalization.CultureInfo.InvariantCulture))]),
            ["index_stream_mod_10"] = new JsonArray([.. Enumerable.Range(0, 12).Select(_ => (JsonNode)indices.NextIndex(n))]),
        };
    }

    private static Verdict? Slot(JsonNode? node) => (string?)node switch
    {
        "A" => Verdict.A,
        "B" => Verdict.B,
        "TIE" => Verdict.Tie,
        _ => null,
    };

    private static JsonObject Combined(Verdict? normal, Verdict? reversed)
    {
        var pair = PairOutcome.Combine(normal, reversed);
        return new JsonObject
        {
            ["outcome"] = pair.Outcome switch
            {
                OutcomeKind.Win => "model1",
                OutcomeKind.Loss => "model2",
                OutcomeKind.Tie => "tie",
                _ => "incomplete",
            },
            ["class"] = (pair.Outcome, pair.TieKind) switch
            {
                (OutcomeKind.Incomplete, _) => "failed",
                (_, TieKind.FlipFirst) => "flip_first",
                (_, TieKind.FlipSecond) => "flip_second",
                (_, TieKind.SoftModel1) => "soft_model1",
                (_, TieKind.SoftModel2) => "soft_model2",
                _ => "consistent",
            },
            ["strict_score"] = pair.StrictScore,
            ["avg_score"] = pair.AveragedScore,
            ["first_slot_score"] = normal is { } n && reversed is { } r ? (First(n) + First(r)) / 2 : null,
        };

        static double First(Verdict verdict) => verdict switch
        {
            Verdict.A => 1,
            Verdict.B => 0,
            _ => 0.5,
        };
    }

    private static JsonObject Bounds(int wins, int ties, int losses, int failed)
    {
        var tally = new ComparisonTally();
        var pairs = Enumerable.Repeat(new PairOutcome(OutcomeKind.Win), wins)
            .Concat(Enumerable.Repeat(new PairOutcome(OutcomeKind.Tie, TieKind.Consistent), ties))
            .Concat(Enumerable.Repeat(new PairOutcome(OutcomeKind.Loss), losses))
            .Concat(Enumerable.Repeat(new PairOutcome(OutcomeKind.Incomplete), failed));
        foreach (var (index, pair) in pairs.Index())
        {
            tally.Add($"c{index}", pair, null);
        }

        var json = tally.Estimate(3).ToJson();
        return new JsonObject
        {
            ["failure_rate"] = json["failure_rate"]?.DeepClone(),
            ["failure_ci"] = json["failure_ci95"]!.DeepClone(),
            ["lower"] = json["bounds"]!["h_low"]!.DeepClone(),
            ["upper"] = json["bounds"]!["h_high"]!.DeepClone(),
        };
    }

    private static void Compare(string name, JsonNode? expected, JsonNode? actual, double relative, double absolute)
    {
        if (expected is JsonArray list)
        {
            Assert.That(actual!.AsArray(), Has.Count.EqualTo(list.Count), name);
            for (var i = 0; i < list.Count; i++)
            {
                Compare($"{name}[{i}]", list[i], actual[i], relative, absolute);
            }
        }
        else if (expected is JsonObject fields)
        {
            foreach (var (field, value) in fields)
            {
                Compare($"{name}.{field}", value, actual!.AsObject()[field], relative, absolute);
            }
        }
        else if (expected?.GetValueKind() == JsonValueKind.Number)
        {
            var number = Number(expected);
            Assert.That(actual, Is.Not.Null, name);
            Assert.That(Number(actual!), Is.EqualTo(number).Within(absolute + (relative * Math.Abs(number))), name);
        }
        else
        {
            Assert.That(actual?.ToJsonString(), Is.EqualTo(expected?.ToJsonString()), name);
        }
    }

    private static double Number(JsonNode node) => double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
