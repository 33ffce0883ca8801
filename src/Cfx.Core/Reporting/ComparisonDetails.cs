using System.Text.Json.Nodes;
using Cfx.Core.Evaluation;
using Cfx.Core.Statistics;

namespace Cfx.Core.Reporting;

/// <summary>What stands beside a comparison's headline: other intervals, what the judge is worth, lengths, groups, power.</summary>
public sealed record ComparisonDetails
{
    /// <summary>Power that detectable differences are given for.</summary>
    public const double TargetPower = 0.8;

    private static readonly double[] Effects = [0.05, 0.03, 0.02];

    /// <summary>Pairs that the comparison was planned with; null when nobody said.</summary>
    public required long? Planned { get; init; }

    /// <summary>Fewer pairs than planned: then there is no p-value.</summary>
    public required bool IsPartial { get; init; }

    public required BootstrapFigures Bootstrap { get; init; }

    /// <summary>Of the decided rate; null unless conversations gave several pairs.</summary>
    public BootstrapFigures? DecidedBootstrap { get; init; }

    /// <summary>The smallest difference of h from 1/2 that so many pairs find with 80% power at the level divided by the comparisons; null when
    /// even the largest is not found, and for pairs judged in one order, to which the sign test's formula does not apply.</summary>
    public required double? Mde { get; init; }

    /// <summary>Pairs with which that is computed: the complete ones over the design effect; conversations, where these show no variation.</summary>
    public required long EffectivePairs { get; init; }

    /// <summary>The level of that: alpha over the planned comparisons.</summary>
    public required double PowerAlpha { get; init; }

    public required double TieRate { get; init; }

    /// <summary>Null where each pair was judged in one order.</summary>
    public required FailureBounds? Bounds { get; init; }

    /// <summary>As if an arm without an answer had lost the pair; null where each pair was judged in one order.</summary>
    public required HalfCreditResult? UnansweredAsLosses { get; init; }

    public required LengthControlResult Length { get; init; }

    /// <summary>Null where both verdicts of each pair are not known.</summary>
    public required JudgeReliabilityResult? Judge { get; init; }

    /// <summary>Null where one judge judged.</summary>
    public PanelFindings? Panel { get; init; }

    /// <summary>Exploratory.</summary>
    public required IReadOnlyList<SubgroupDimension> Subgroups { get; init; }

    /// <summary>ln of the evidence against equal arms that holds at any time; null where it does not apply.</summary>
    public required double? LnE { get; init; }

    /// <summary>The ln E at which a study of so many comparisons may stop.</summary>
    public required double StoppingLnE { get; init; }

    /// <summary>Null unless a margin was given and the rate has an error.</summary>
    public EquivalenceResult? Equivalence { get; init; }

    /// <summary>Holm's, over the comparisons' tests for equality; null where <see cref="Equivalence"/> is.</summary>
    public double? EquivalenceHolmP { get; init; }

    /// <summary>Null unless asked for.</summary>
    public double? Margin { get; init; }

    /// <summary>Null where both orders of each pair were judged.</summary>
    public OrderStratifiedResult? SingleOrder { get; init; }

    /// <summary>Pairs with model1 first and with model2 first, where each was judged in one order.</summary>
    public (long Normal, long Reversed) Orders { get; init; }

    /// <summary>Pairs with a verdict whose order the file does not tell.</summary>
    public long WithoutOrder { get; init; }

    /// <summary>Several pairs come from one conversation although the single-order estimate takes them for independent.</summary>
    public bool IgnoresClusters { get; init; }

    /// <summary>All but what needs the adjusted p.</summary>
    internal static ComparisonDetails Of(
        ComparisonEvidence evidence, ComparisonStatistics s, AnalyzeOptions options, long? planned, int comparisons, CancellationToken cancellationToken)
    {
        const double Confidence = ComparisonStatistics.Confidence;
        var effective = s.Clusters switch
        {
            null => s.N,
            { DesignEffect: null } alike => alike.Clusters,
            { DesignEffect: { } effect } => (long)(s.N / Math.Max(1, effect)),
        };
        var alpha = ComparisonResult.Alpha / comparisons;
        var ties = s.N == 0 ? 0 : (double)s.Ties.Total / s.N;
        var (wins, losses) = evidence.FirstOfConversations;
        var rate = s.HalfCredit;
        return new ComparisonDetails
        {
            Planned = planned,
            IsPartial = s.Attempted < planned,
            Bootstrap = evidence.IsSingleOrder
                ? new BootstrapFigures("off", 0, options.Seed, null, false)
                : BootstrapFigures.Of(evidence.Scores, options.Seed, options.BootstrapReplicates, Confidence, rate, cancellationToken),
            DecidedBootstrap = s.Clusters is null
                ? null
                : BootstrapFigures.Of(evidence.Decided, options.Seed, options.BootstrapReplicates, Confidence, null, cancellationToken),
            Mde = evidence.IsSingleOrder ? null : Power.DetectableEffect(effective, ties, alpha, TargetPower),
            EffectivePairs = effective,
            PowerAlpha = alpha,
            TieRate = ties,
            Bounds = evidence.Bounds(Confidence),
            UnansweredAsLosses = evidence.UnansweredAsLosses(Confidence),
            Length = evidence.Length(Confidence),
            Judge = evidence.Judge(Confidence),
            Panel = evidence.Panel(comparisons),
            Subgroups = evidence.Subgroups(Confidence),
            LnE = evidence.IsSingleOrder || s.N == 0 ? null : EValue.LnE(wins, losses),
            StoppingLnE = EValue.StoppingLnE(comparisons, ComparisonResult.Alpha),
            Margin = options.EquivalenceMargin,
            Equivalence = options.EquivalenceMargin is { } margin ? evidence.Equivalence(s, margin) : null,
            SingleOrder = evidence.SingleOrder(Confidence),
            Orders = evidence.Orders,
            WithoutOrder = evidence.WithoutOrder,
            IgnoresClusters = evidence.IsSingleOrder && evidence.Scores.IsClustered,
        };
    }

    /// <summary>Adds its fields to a comparison's.</summary>
    internal void AddTo(JsonObject json, double holmP)
    {
        json["n_planned"] = Planned;
        json["partial"] = IsPartial;
        json["bootstrap"] = Bootstrap.ToJson();
        json["bootstrap_decided"] = DecidedBootstrap?.ToJson();
        json["mde"] = JsonFigures.Of(Mde);
        json["power"] = SingleOrder is null ? PowerJson() : null;
        json["bounds"] = Bounds is null ? null : new JsonObject
        {
            ["h_low"] = Bounds.Rate.Lower,
            ["h_high"] = Bounds.Rate.Upper,
            ["ci95"] = JsonFigures.Of(Bounds.WithSampling),
            ["conclusion_depends"] = !IsPartial && Bounds.ConclusionDependsOnFailures(holmP, ComparisonResult.Alpha),
        };
        json["unanswered_as_loss"] = UnansweredAsLosses is null ? null : new JsonObject
        {
            ["n"] = UnansweredAsLosses.N,
            ["h"] = JsonFigures.Of(UnansweredAsLosses.H),
            ["se"] = JsonFigures.Of(UnansweredAsLosses.StandardError),
            ["ci95"] = JsonFigures.Of(UnansweredAsLosses.Interval),
        };
        json["lc"] = DetailsJson.Of(Length);
        json["position"] = SingleOrder is { } one ? DetailsJson.Of(one, Orders) : DetailsJson.Of(Judge);
        json["judges"] = Panel?.ToJson();
        json["subgroups"] = DetailsJson.Of(Subgroups);
        json["e_value"] = LnE is not { } evidence ? null : new JsonObject
        {
            ["ln_e"] = JsonFigures.Of(evidence),
            ["anytime_p"] = EValue.AnytimeP(evidence),
            ["stopping_ln_e"] = StoppingLnE,
            ["may_stop"] = evidence >= StoppingLnE,
        };
        json["equivalence"] = Margin is not { } margin ? null : new JsonObject
        {
            ["margin"] = margin,
            ["p"] = IsPartial ? null : JsonFigures.Of(Equivalence?.PValue),
            ["holm_p"] = IsPartial ? null : JsonFigures.Of(EquivalenceHolmP),
            ["equivalent"] = IsEquivalent,
        };
    }

    /// <summary>Shown to be within the margin of one half, over all comparisons.</summary>
    public bool IsEquivalent => !IsPartial && EquivalenceHolmP < ComparisonResult.Alpha;

    private JsonObject PowerJson()
    {
        var needed = new JsonObject();
        foreach (var effect in Effects)
        {
            needed[effect.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)] = Power.PairsNeeded(effect, TieRate, PowerAlpha, TargetPower);
        }

        return new JsonObject
        {
            ["power"] = TargetPower,
            ["alpha"] = PowerAlpha,
            ["tie_rate"] = TieRate,
            ["pairs"] = EffectivePairs,
            ["pairs_needed"] = needed,
        };
    }
}
