namespace Cfx.Core.Statistics;

/// <summary>Newton's method for Davidson's model, with its working memory kept from fit to fit. Not safe for several threads.</summary>
/// <remarks>In the half difference of log strengths and in ln nu the model is a log-linear one, so the likelihood is concave and observed and
/// expected information are the same.</remarks>
internal sealed class DavidsonSolver
{
    private const double Bound = 20;
    private const double LargestStep = 5;
    private readonly int _arms;
    private readonly (int First, int Second)[] _pairs;
    private readonly double[] _x;
    private readonly double[] _gradient;
    private readonly double[] _information;
    private readonly (double Win, double Tie, double Loss)[] _probabilities;
    private bool _ties;

    public DavidsonSolver(int arms, (int First, int Second)[] pairs)
    {
        _arms = arms;
        _pairs = pairs;
        _x = new double[arms];
        _gradient = new double[arms];
        _information = new double[arms * arms];
        _probabilities = new (double, double, double)[pairs.Length];
    }

    /// <summary>Log strengths but the first, and ln nu where there are ties.</summary>
    public int Parameters => _ties ? _arms : _arms - 1;

    public double Nu => _ties ? Math.Exp(_x[_arms - 1]) : 0;

    public double Theta(int arm) => arm == 0 ? 0 : _x[arm - 1];

    /// <param name="counts">Wins, ties and losses of each pair in turn.</param>
    /// <param name="start">Log strengths but the first and ln nu, near the maximum; empty for all 0. It decides how many steps are taken,
    /// the likelihood having one maximum only.</param>
    /// <param name="precision">Done after a whole step no larger than this. Newton's last step squares the distance, so 1e-6 leaves some
    /// 1e-12.</param>
    /// <returns>False when the likelihood has no finite maximum.</returns>
    public bool Solve(ReadOnlySpan<double> counts, ReadOnlySpan<double> start = default, double precision = 1e-12)
    {
        _ties = false;
        for (var i = 1; i < counts.Length; i += 3)
        {
            _ties |= counts[i] > 0;
        }

        Array.Clear(_x);
        start.CopyTo(_x);
        var likelihood = Evaluate(counts);
        for (var iteration = 0; iteration < 200; iteration++)
        {
            Derive(counts);
            if (!SmallCholesky.Factor(_information, Parameters))
            {
                return false;
            }

            var step = _gradient.AsSpan(0, Parameters);
            SmallCholesky.Solve(_information, Parameters, step);
            var largest = 0.0;
            foreach (var part in step)
            {
                largest = Math.Max(largest, Math.Abs(part));
            }

            likelihood = Move(counts, step, largest > LargestStep ? LargestStep / largest : 1, likelihood);
            foreach (var value in _x.AsSpan(0, Parameters))
            {
                if (!(Math.Abs(value) <= Bound))
                {
                    return false;
                }
            }

            if (largest < precision)
            {
                return true;
            }
        }

        // Rounding can keep steps just above the limit; the gradient then says whether this is the maximum.
        Derive(counts);
        double total = 0, steepest = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        foreach (var slope in _gradient.AsSpan(0, Parameters))
        {
            steepest = Math.Max(steepest, Math.Abs(slope));
        }

        return steepest < 1e-9 * total && SmallCholesky.Factor(_information, Parameters);
    }

    /// <summary>The present parameters, as <see cref="Solve"/> takes them to start from.</summary>
    public double[] Position() => [.. _x];

    /// <summary>P(win), P(tie) and P(loss) of a pair's first arm at the present parameters.</summary>
    public (double Win, double Tie, double Loss) Probabilities(int pair) => _probabilities[pair];

    /// <summary>At the maximum, row by row. The factor is of one step before the last, which was below 1e-12.</summary>
    public double[] InverseInformation() => SmallCholesky.Inverse(_information, Parameters);

    /// <summary>Adds what a group's counts contribute to the score, the likelihood's slope, at the present parameters.</summary>
    public void AddScore(ReadOnlySpan<int> counts, Span<double> score)
    {
        for (var p = 0; p < _pairs.Length; p++)
        {
            double wins = counts[3 * p], ties = counts[(3 * p) + 1], losses = counts[(3 * p) + 2];
            if (wins + ties + losses > 0)
            {
                AddScore(p, wins, ties, losses, score);
            }
        }
    }

    /// <summary>The log-likelihood and twice its distance from that of free proportions.</summary>
    public (double LogLikelihood, double Deviance) Deviance(ReadOnlySpan<double> counts)
    {
        double likelihood = 0, deviance = 0;
        for (var p = 0; p < _pairs.Length; p++)
        {
            var (win, tie, loss) = Probabilities(p);
            ReadOnlySpan<double> probabilities = [win, tie, loss];
            var n = counts[3 * p] + counts[(3 * p) + 1] + counts[(3 * p) + 2];
            for (var i = 0; i < 3; i++)
            {
                var count = counts[(3 * p) + i];
                if (count > 0)
                {
                    likelihood += count * Math.Log(probabilities[i]);
                    deviance += 2 * count * Math.Log(count / (n * probabilities[i]));
                }
            }
        }

        return (likelihood, Math.Max(0, deviance));
    }

    /// <summary>The log-likelihood at the present parameters, whose probabilities are kept.</summary>
    private double Evaluate(ReadOnlySpan<double> counts)
    {
        double sum = 0, tie = Nu;
        for (var p = 0; p < _pairs.Length; p++)
        {
            var (first, second) = _pairs[p];
            var half = (Theta(first) - Theta(second)) / 2;
            double wins = counts[3 * p], ties = counts[(3 * p) + 1], losses = counts[(3 * p) + 2];
            double win = Math.Exp(half), loss = Math.Exp(-half);
            var total = win + tie + loss;
            _probabilities[p] = (win / total, tie / total, loss / total);
            sum += (half * (wins - losses)) + (_ties ? ties * _x[_arms - 1] : 0) - ((wins + ties + losses) * Math.Log(total));
        }

        return sum;
    }

    /// <summary>Goes along the step, halving it while it would go down.</summary>
    private double Move(ReadOnlySpan<double> counts, ReadOnlySpan<double> step, double factor, double likelihood)
    {
        var slack = 1e-9 * (1 + Math.Abs(likelihood));
        for (var i = 0; i < step.Length; i++)
        {
            _x[i] += factor * step[i];
        }

        for (var halvings = 0; ; halvings++)
        {
            var now = Evaluate(counts);
            if (now >= likelihood - slack || halvings == 30)
            {
                return now;
            }

            factor /= 2;
            for (var i = 0; i < step.Length; i++)
            {
                _x[i] -= factor * step[i];
            }
        }
    }

    private void Derive(ReadOnlySpan<double> counts)
    {
        var size = Parameters;
        Array.Clear(_gradient);
        Array.Clear(_information);
        for (var p = 0; p < _pairs.Length; p++)
        {
            double wins = counts[3 * p], ties = counts[(3 * p) + 1], losses = counts[(3 * p) + 2];
            var n = wins + ties + losses;
            AddScore(p, wins, ties, losses, _gradient);
            var (win, tie, loss) = Probabilities(p);
            var edge = win - loss;
            // Variance of (won - lost), halved twice since theta enters by half.
            var strength = n * (win + loss - (edge * edge)) / 4;
            var (first, second) = (_pairs[p].First - 1, _pairs[p].Second - 1);
            AddInformation(first, first, strength, size);
            AddInformation(second, second, strength, size);
            AddInformation(first, second, -strength, size);
            AddInformation(second, first, -strength, size);
            if (_ties)
            {
                var cross = -n * edge * tie / 2;
                AddInformation(_arms - 1, _arms - 1, n * tie * (1 - tie), size);
                AddInformation(_arms - 1, first, cross, size);
                AddInformation(first, _arms - 1, cross, size);
                AddInformation(_arms - 1, second, -cross, size);
                AddInformation(second, _arms - 1, -cross, size);
            }
        }
    }

    private void AddScore(int pair, double wins, double ties, double losses, Span<double> score)
    {
        var (win, tie, loss) = Probabilities(pair);
        var n = wins + ties + losses;
        var slope = (wins - losses - (n * (win - loss))) / 2;
        var (first, second) = _pairs[pair];
        if (first > 0)
        {
            score[first - 1] += slope;
        }

        if (second > 0)
        {
            score[second - 1] -= slope;
        }

        if (_ties)
        {
            score[_arms - 1] += ties - (n * tie);
        }
    }

    private void AddInformation(int row, int column, double value, int size)
    {
        // The first arm's rating is fixed and has number -1 here.
        if (row >= 0 && column >= 0)
        {
            _information[(row * size) + column] += value;
        }
    }
}
