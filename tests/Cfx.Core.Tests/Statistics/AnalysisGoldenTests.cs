using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;

namespace Cfx.Core.Tests.Statistics;

/// <summary>The reference numbers of what goes beyond a single comparison's counts: bootstrap, ratings, reliability, lengths, monitoring.</summary>
public sealed class AnalysisGoldenTests
{
    private static IEnumerable<TestCaseData> Cases() => GoldenTests.Read("goldens-analysis.json");

    [TestCaseSource(nameof(Cases))]
    public void The_reference_number_is_met(JsonObject golden) => GoldenTests.Check(golden, Compute);

    private static JsonObject Compute(string kind, JsonObject i) => kind switch
    {
        "bootstrap_seeded" => Bootstrap(i),
        "bootstrap_percentile_limit" => BootstrapLimit(i),
        "quantile_r7" => new JsonObject
        {
            ["quantiles"] = List(Numbers(i["q"]).Select(q => Quantile.OfSorted(Numbers(i["values"]), q))),
        },
        "position_bias" => Position(i),
        "kappa" => Kappa(i),
        "legacy_order_stratified" => Stratified(i),
        "feedback_agreement" => Feedback(i),
        "paired_difference" => Paired(i),
        "tost" => Tost(i),
        "davidson" => RatingGoldens.Fit(i),
        "davidson_cluster" => RatingGoldens.Clustered(i),
        "length_control" => RatingGoldens.Length(i),
        "e_value" => Evidence((long)i["wins"]!, (long)i["losses"]!),
        "peeking_type1" => new JsonObject
        {
            ["type1"] = RepeatedLooks.TypeOneError((int)i["n_decisive"]!, (int)i["looks"]!, (double)i["alpha_each"]!),
        },
        "exact_power" => ExactPower((long)i["n_decisive"]!, (double)i["win_rate"]!, (double)i["alpha"]!),
        "failure_bounds" => Failures((long)i["wins"]!, (long)i["ties"]!, (long)i["losses"]!, (long)i["failed"]!),
        _ => throw new InvalidOperationException($"Nothing computes {kind}."),
    };

    private static JsonObject Bootstrap(JsonObject i)
    {
        var sums = new ClusterSums();
        foreach (var (score, cluster) in Numbers(i["scores"]).Zip(i["cluster"]!.AsArray()))
        {
            sums.Add((string)cluster!, score);
        }

        var draws = ClusterBootstrap.Draw(sums, (ulong)i["seed"]!, (int)i["B"]!);
        var result = ClusterBootstrap.Summarise(draws, (double)i["confidence"]!);
        return new JsonObject
        {
            ["first3"] = List(draws.Take(3)),
            ["mean"] = result.Mean,
            ["se"] = result.StandardError,
            ["lower"] = result.Interval!.Lower,
            ["upper"] = result.Interval.Upper,
        };
    }

    private static JsonObject BootstrapLimit(JsonObject i)
    {
        var sums = new ClusterSums();
        foreach (var (name, score) in new[] { ("wins", 1.0), ("ties", 0.5), ("losses", 0.0) })
        {
            for (var k = 0; k < (int)i[name]!; k++)
            {
                sums.Add(name + k, score);
            }
        }

        var result = ClusterBootstrap.Run(sums, 1, (int)i["B_min"]!, (double)i["confidence"]!);
        return new JsonObject
        {
            ["half_credit"] = sums.Total / sums.N,
            ["boot_se"] = result.StandardError,
            ["lower"] = result.Interval!.Lower,
            ["upper"] = result.Interval.Upper,
        };
    }

    private static JsonObject Position(JsonObject i)
    {
        var table = new SlotTable();
        foreach (var (key, count) in i["slot_table"]!.AsObject())
        {
            var slots = key.Split('_').Select(s => Enum.Parse<Verdict>(s, ignoreCase: true)).ToArray();
            table.Add(slots[0], slots[1], (long)count!);
        }

        var r = JudgeReliability.From(table, (double)i["confidence"]!);
        long wins = table.Count(o => o.Outcome == OutcomeKind.Win), losses = table.Count(o => o.Outcome == OutcomeKind.Loss);
        long soft1 = table.Count(o => o.TieKind == TieKind.SoftModel1), soft2 = table.Count(o => o.TieKind == TieKind.SoftModel2);
        var ties = table.Count(o => o.Outcome == OutcomeKind.Tie);
        var strict = HalfCredit.FromCounts(wins, ties, losses, 0.95);
        var averaged = HalfCredit.FromScores([(1, wins), (0.75, soft1), (0.5, ties - soft1 - soft2), (0.25, soft2), (0, losses)], 0.95);
        return new JsonObject
        {
            ["n"] = r.N,
            ["wins"] = wins,
            ["losses"] = losses,
            ["ties"] = ties,
            ["consistent_ties"] = table.Count(o => o.TieKind == TieKind.Consistent),
            ["flip_first"] = table[Verdict.A, Verdict.A],
            ["flip_second"] = table[Verdict.B, Verdict.B],
            ["soft"] = soft1 + soft2,
            ["order_consistency"] = r.Consistency,
            ["order_consistency_ci"] = List([r.ConsistencyInterval.Lower, r.ConsistencyInterval.Upper]),
            ["flip_rate"] = r.FlipRate,
            ["flip_rate_ci"] = List([r.FlipInterval.Lower, r.FlipInterval.Upper]),
            ["flip_sign_p"] = r.FlipDirection.PValue,
            ["first_slot_bias"] = r.FirstSlotBias,
            ["first_slot_bias_se"] = r.FirstSlotBiasError,
            ["first_slot_bias_ci"] = List([r.FirstSlotBiasInterval!.Lower, r.FirstSlotBiasInterval.Upper]),
            ["order_kappa"] = r.OrderKappa.Kappa,
            ["strict_half_credit"] = strict.H,
            ["strict_se"] = strict.StandardError,
            ["avg_half_credit"] = averaged.H,
            ["avg_se"] = averaged.StandardError,
            ["strict_sign_p"] = SignTest.TwoSided(wins, losses).PValue,
        };
    }

    private static JsonObject Kappa(JsonObject i)
    {
        var rows = i["matrix"]!.AsArray();
        var matrix = new long[rows.Count, rows.Count];
        for (var r = 0; r < rows.Count; r++)
        {
            for (var c = 0; c < rows.Count; c++)
            {
                matrix[r, c] = (long)rows[r]![c]!;
            }
        }

        var kappa = CohenKappa.Of(matrix, (string?)i["weights"] == "linear" ? KappaWeights.Linear : KappaWeights.None);
        return new JsonObject
        {
            ["n"] = kappa.N,
            ["agreement"] = kappa.Agreement,
            ["expected_agreement"] = kappa.ExpectedAgreement,
            ["kappa"] = kappa.Kappa,
            ["se"] = kappa.StandardError,
        };
    }

    private static JsonObject Stratified(JsonObject i)
    {
        (long, long, long) Order(string order) => ((long)i[order + "_wins1"]!, (long)i[order + "_ties"]!, (long)i[order + "_losses1"]!);
        var result = OrderStratified.From(Order("normal"), Order("reversed"), 0.95);
        return new JsonObject
        {
            ["half_credit_adj"] = result.H,
            ["se"] = result.StandardError,
            ["first_slot_bias"] = result.FirstSlotBias,
            ["bias_se"] = result.StandardError,
            // Large-sample; the report's own is exact.
            ["bias_p"] = NormalTail.TwoSidedP(result.FirstSlotBias!.Value / result.StandardError!.Value),
            ["pooled_half_credit"] = result.PooledH,
        };
    }

    private static JsonObject Feedback(JsonObject i)
    {
        (long, long, long) Side(string side) => ((long)i[side + "_new"]!, (long)i[side + "_tie"]!, (long)i[side + "_orig"]!);
        var result = FeedbackAgreement.From(Side("neg"), Side("pos"), 0.95);
        return new JsonObject
        {
            ["pref_new_given_negative"] = result.Negative.H,
            ["pref_new_given_positive"] = result.Positive.H,
            ["difference"] = result.Difference,
            ["se"] = result.StandardError,
            ["lower"] = result.Interval!.Lower,
            ["upper"] = result.Interval.Upper,
            ["p_value"] = result.PValue,
            ["decisive_kappa"] = result.Decisive.Kappa,
            ["decisive_agreement"] = result.Decisive.Agreement,
        };
    }

    private static JsonObject Paired(JsonObject i)
    {
        var paired = new PairedDifference();
        foreach (var (index, scores) in Numbers(i["scores_a"]).Zip(Numbers(i["scores_b"])).Index())
        {
            paired.Add($"c{index}", scores.First, scores.Second);
        }

        var result = paired.Estimate(0.95);
        return new JsonObject
        {
            ["difference"] = result.Difference.Mean,
            ["se_paired"] = result.Difference.StandardError,
            ["se_unpaired"] = result.UnpairedStandardError,
            ["correlation"] = result.Correlation,
            ["p_value"] = result.Difference.PValue,
        };
    }

    private static JsonObject Tost(JsonObject i)
    {
        var result = Equivalence.Test((double)i["h"]!, (double)i["se"]!, (double)i["df"]!, (double)i["margin"]!);
        return new JsonObject { ["p_lower"] = result.LowerP, ["p_upper"] = result.UpperP, ["p_tost"] = result.PValue };
    }

    private static JsonObject Evidence(long wins, long losses)
    {
        var monitor = new SequentialMonitor(1);
        monitor.Look(wins, losses);
        return new JsonObject { ["ln_e"] = EValue.LnE(wins, losses), ["anytime_p"] = monitor.AnytimeP };
    }

    private static JsonObject ExactPower(long decisive, double winRate, double alpha)
    {
        var result = SignTestPower.At(decisive, winRate, alpha);
        return new JsonObject { ["critical_low"] = result.CriticalLow, ["actual_size"] = result.Size, ["power"] = result.Power };
    }

    private static JsonObject Failures(long wins, long ties, long losses, long failed)
    {
        var bounds = FailureBounds.From(wins, ties, losses, failed, 0.95);
        return new JsonObject
        {
            ["failure_rate"] = bounds.FailureRate,
            ["failure_ci"] = List([bounds.FailureInterval.Lower, bounds.FailureInterval.Upper]),
            ["lower"] = bounds.Rate.Lower,
            ["upper"] = bounds.Rate.Upper,
        };
    }

    internal static JsonArray List(IEnumerable<double> values) => new([.. values.Select(v => (JsonNode)v)]);

    internal static double[] Numbers(JsonNode? list) => [.. list!.AsArray().Select(n => (double)n!)];
}
