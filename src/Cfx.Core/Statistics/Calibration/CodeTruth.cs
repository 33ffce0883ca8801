using Cfx.Core.Evaluation;

namespace Cfx.Core.Statistics.Calibration;

/// <summary>What estimates ought to find, computed from the chances of a pair's 16 codes without any drawing.</summary>
internal sealed class CodeTruth
{
    private const int Million = 1_000_000;

    /// <param name="codes">Chances, as <see cref="SimulatedJudge.Codes"/> orders them.</param>
    public CodeTruth(double[] codes)
    {
        var matrix = new double[3, 3];
        double averaged = 0, first = 0, consistent = 0, flips = 0;
        double[] normal = new double[4], reversed = new double[4];
        for (var code = 0; code < 16; code++)
        {
            var p = codes[code];
            var pair = PairOf(code);
            Outcomes[OutcomeOf(code)] += p;
            normal[code / 4] += p;
            reversed[code % 4] += p;
            if (pair.StrictScore is null)
            {
                continue;
            }

            averaged += p * pair.AveragedScore!.Value;
            first += p * SlotTable.FirstSlotScore((Verdict)(code / 4), (Verdict)(code % 4));
            flips += code is 0 or 5 ? p : 0;
            consistent += pair.Outcome != OutcomeKind.Tie || pair.TieKind == TieKind.Consistent ? p : 0;
            matrix[ByModel(code / 4), 2 - ByModel(code % 4)] += p;
        }

        Missing = Outcomes[3];
        var complete = 1 - Missing;
        Rate = (Outcomes[0] + (Outcomes[1] / 2)) / complete;
        Averaged = averaged / complete;
        Decided = Outcomes[0] + Outcomes[2] > 0 ? Outcomes[0] / (Outcomes[0] + Outcomes[2]) : 0.5;
        Bias = (first / complete) - 0.5;
        Consistency = consistent / complete;
        Flips = flips / complete;
        Kappa = KappaOf(matrix);
        Stratified = (Credit(normal) + 1 - Credit(reversed)) / 2;
        StratifiedBias = (Credit(normal) - 1 + Credit(reversed)) / 2;
    }

    /// <summary>Chances of win, tie, loss and incomplete.</summary>
    public double[] Outcomes { get; } = new double[4];

    public double Missing { get; }

    public double Rate { get; }

    public double Averaged { get; }

    public double Decided { get; }

    public double Bias { get; }

    public double Consistency { get; }

    public double Flips { get; }

    /// <summary>Share of complete pairs with one verdict for an arm and one tie.</summary>
    public double Soft => 1 - Consistency - Flips;

    public double Kappa { get; }

    public double Stratified { get; }

    public double StratifiedBias { get; }

    /// <summary>What the combiner makes of a code.</summary>
    public static PairOutcome PairOf(int code) => PairOutcome.Combine(VerdictOf(code / 4), VerdictOf(code % 4));

    /// <summary>0 win, 1 tie, 2 loss, 3 incomplete.</summary>
    public static int OutcomeOf(int code) => PairOf(code).Outcome switch
    {
        OutcomeKind.Win => 0,
        OutcomeKind.Tie => 1,
        OutcomeKind.Loss => 2,
        _ => 3,
    };

    /// <summary>Kappa of chances or counts.</summary>
    public static double KappaOf(double[,] matrix, KappaWeights weights = KappaWeights.None)
    {
        var whole = matrix.Cast<double>().Sum();
        var counts = new long[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                counts[i, j] = (long)Math.Round(matrix[i, j] / whole * Million * Million);
            }
        }

        return CohenKappa.Of(counts, weights).Kappa ?? 0;
    }

    /// <summary>A slot verdict's place in the order slot A, tie, slot B.</summary>
    public static int ByModel(int verdict) => verdict switch { (int)Verdict.A => 0, (int)Verdict.Tie => 1, _ => 2 };

    private static Verdict? VerdictOf(int number) => number == SimulatedJudge.None ? null : (Verdict)number;

    private static double Credit(double[] slots) =>
        (slots[(int)Verdict.A] + (slots[(int)Verdict.Tie] / 2)) / (1 - slots[SimulatedJudge.None]);
}
