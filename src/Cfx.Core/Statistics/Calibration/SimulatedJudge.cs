using System.Globalization;
using Cfx.Core.Evaluation;

namespace Cfx.Core.Statistics.Calibration;

/// <summary>A judge whose every failing is known. It is asked about a pair in both orders and answers in raw text; what the pair comes to is
/// found by the product's own parser and combiner.</summary>
/// <remarks>Each pair of texts is one outcome of an alias table, and the parser's reading of each different text is kept, so a draw costs a
/// few nanoseconds; <see cref="DrawFresh"/> writes and parses texts anew.</remarks>
internal sealed class SimulatedJudge
{
    /// <summary>The code of a call without a verdict; the others are <see cref="Verdict"/>'s numbers.</summary>
    public const int None = 3;

    private readonly List<string?> _texts = [];
    private readonly int[] _read;
    private readonly AliasTable[] _pairs = new AliasTable[3];
    private readonly AliasTable[] _single = new AliasTable[3];
    private readonly double[][] _calls = new double[3][];

    /// <param name="scenario">How it fails.</param>
    /// <param name="tieRate">How often a verdict that has nothing to do with the answers is a tie.</param>
    public SimulatedJudge(CalibrationScenario scenario, double tieRate)
    {
        var meant = new List<int>();
        foreach (var verdict in Enum.GetValues<Verdict>())
        {
            Add(JudgeTexts.Meaning(verdict), (int)verdict);
        }

        Add(JudgeTexts.Unreadable, None);
        Add([null], None + 1);
        _read = [.. _texts.Select(Read)];
        for (var z = 0; z < 3; z++)
        {
            double[] normal = Text(Call(scenario, tieRate, z)), reversed = Text(Call(scenario, tieRate, 2 - z));
            _calls[z] = Call(scenario, tieRate, z);
            _single[z] = new AliasTable(normal);
            _pairs[z] = new AliasTable([.. normal.SelectMany(n => reversed.Select(r => n * r))]);
        }

        void Add(IReadOnlyList<string?> texts, int kind)
        {
            _texts.AddRange(texts);
            meant.AddRange(texts.Select(_ => kind));
        }

        // A call's five outcomes, each spread evenly over its texts.
        double[] Text(double[] call) => [.. meant.Select(kind => call[kind] / meant.Count(m => m == kind))];
    }

    /// <summary>What both orders come to, as normal · 4 + reversed.</summary>
    /// <param name="truth">0 when model1 is better, 1 when they are equal, 2 when model2 is.</param>
    /// <param name="random">One number is taken.</param>
    public int Draw(int truth, SplitMix64 random)
    {
        var pair = _pairs[truth].Draw(random);
        return (_read[pair / _texts.Count] * 4) + _read[pair % _texts.Count];
    }

    /// <summary>The same from texts that were never seen before.</summary>
    /// <param name="truth">As for <see cref="Draw"/>.</param>
    /// <param name="random">One number is taken.</param>
    /// <param name="number">Goes into the texts.</param>
    public int DrawFresh(int truth, SplitMix64 random, int number)
    {
        var pair = _pairs[truth].Draw(random);
        return (Read(Numbered(pair / _texts.Count)) * 4) + Read(Numbered(pair % _texts.Count));

        string? Numbered(int text) => _texts[text] is { } t
            ? string.Create(CultureInfo.InvariantCulture, $"Comparison {number}, [{number}]\n{t}\n(end of {number})")
            : null;
    }

    /// <summary>One call in normal order: a verdict's number, or <see cref="None"/>.</summary>
    public int DrawOne(int truth, SplitMix64 random) => _read[_single[truth].Draw(random)];

    /// <summary>The chance of each of the 16 codes of <see cref="Draw"/> given the truth.</summary>
    public double[] Codes(int truth)
    {
        double[] normal = Four(_calls[truth]), reversed = Four(_calls[2 - truth]);
        return [.. normal.SelectMany(n => reversed.Select(r => n * r))];
    }

    /// <summary>The chance of each verdict of one call in normal order, and of none.</summary>
    public double[] Calls(int truth) => Four(_calls[truth]);

    private static double[] Four(double[] call) => [call[0], call[1], call[2], call[3] + call[4]];

    private static int Read(string? text) => text is null ? None : VerdictParser.Parse(text) is { } verdict ? (int)verdict : None;

    /// <summary>The chance that a call means A, B, tie, something unreadable, or brings no reply.</summary>
    private static double[] Call(CalibrationScenario scenario, double tieRate, int truth)
    {
        double[] honest = truth switch { 0 => [1, 0, 0], 1 => [0, 0, 1], _ => [0, 1, 0] };
        double[] noise = [(1 - tieRate) / 2, (1 - tieRate) / 2, tieRate];
        var call = new double[5];
        for (var v = 0; v < 3; v++)
        {
            var free = (scenario.Noise * noise[v]) + ((1 - scenario.Noise) * honest[v]);
            call[v] = (1 - scenario.Missing) * (((1 - scenario.Pull) * free) + (v == (int)Verdict.A ? scenario.Pull : 0));
        }

        call[3] = scenario.Missing / 2;
        call[4] = scenario.Missing / 2;
        return call;
    }
}
