using Cfx.Core;
using Cfx.Core.Spending;
using Microsoft.Data.Sqlite;

namespace Cfx.Together.Store;

/// <summary>What one run may have under way, and the rows that say so. Not safe for several threads: its owner locks.</summary>
/// <param name="options">The response store's file.</param>
/// <param name="study">The study that pays.</param>
/// <param name="limit">The study's, in billionths of a dollar; null for none.</param>
/// <param name="time">Tells when rows were made.</param>
internal sealed class RunAllowance(StoreOptions options, string study, long? limit, TimeProvider time) : IDisposable
{
    // Room for so many calls more than needed: fewer writes while running, a larger unknown rest after a kill.
    private const int CallsAhead = 16;

    private readonly SqliteConnection _connection = ResponseDatabase.Open(options);
    private readonly UnclearAttempts _unclear = new(study);
    private long? _run;
    private long _granted;
    private long _exposure;

    // What is under way when the attempts that may have been billed are written down.
    private long UnderWay => Math.Max(0, _exposure - _unclear.Nano);

    /// <summary>Sets aside the most that a call can cost.</summary>
    /// <exception cref="BudgetReachedException">The limit does not leave that much.</exception>
    public void Open(long wanted, string what)
    {
        var needed = _exposure + wanted - _granted;
        if (needed > 0)
        {
            Draw(needed, wanted, what);
        }

        _exposure += wanted;
    }

    /// <summary>A call turned out to cost less, or more if below 0, than was set aside.</summary>
    public void Lower(long by) => _exposure -= by;

    /// <summary>A call may have been billed without an answer; it stays in the allowance until something is written anyway.</summary>
    public void AddUnclear(string stage, string model, long? most) => _unclear.Add(stage, model, most);

    /// <summary>Writes down what an answer cost, in the transaction that stores it.</summary>
    public void Spend(SqliteTransaction transaction, StoredAnswer answer, long nano)
    {
        SpendingRows.AddCall(transaction, answer);
        if (_run is { } run && nano > 0)
        {
            SpendingRows.ChangeAllowance(transaction, run, -nano);
        }
    }

    /// <summary>That transaction is on disk.</summary>
    public void Spent(long nano)
    {
        _granted -= nano;
        _exposure -= nano;
    }

    /// <summary>Sets aside for something that is no call.</summary>
    /// <exception cref="BudgetReachedException">The limit does not leave that much.</exception>
    public void Reserve(string key, string stage, string purpose, long? wanted)
    {
        // Room that calls drew ahead and do not need now.
        var spare = Math.Max(0, _granted - _exposure);
        Write(transaction =>
        {
            if (_run is { } run)
            {
                SpendingRows.ChangeAllowance(transaction, run, -spare);
            }

            var total = SpendingRows.Total(transaction, study) - SpendingRows.Entry(transaction, study, key);
            if (total + (wanted ?? 0) > limit)
            {
                throw BudgetWords.Reached(Read(transaction), purpose, wanted ?? 0, limit.Value, EnoughUsd);
            }

            SpendingRows.Reserve(transaction, study, key, stage, purpose, wanted, Now());
        });
        _granted -= spare;
    }

    public void Settle(string key, long? nano) => Write(t => SpendingRows.Settle(t, study, key, nano, Now()));

    public void Release(string key) => Write(t => SpendingRows.Release(t, study, key));

    public StudySpending Summarize()
    {
        StudySpending? spending = null;
        Write(t => spending = Read(t));
        return spending!;
    }

    /// <summary>The budget that is expected to be enough, for messages.</summary>
    public decimal? EnoughUsd { get; set; }

    /// <summary>Gives back what is not needed. What may still be billed stays counted.</summary>
    public void Dispose()
    {
        try
        {
            Write(transaction =>
            {
                if (_run is { } run)
                {
                    SpendingRows.EndRun(transaction, run, UnderWay);
                }
            });
        }
        catch (StageFailedException)
        {
            // The allowance stays whole: too much is counted, never too little.
        }

        _connection.Dispose();
    }

    private void Draw(long needed, long wanted, string what)
    {
        var (run, grant) = (_run ?? 0, 0L);
        Write(transaction =>
        {
            var total = SpendingRows.Total(transaction, study);
            if (total + needed > limit)
            {
                throw BudgetWords.Reached(Read(transaction), what, wanted, limit.Value, EnoughUsd);
            }

            run = _run ?? SpendingRows.BeginRun(transaction, study, Now());
            grant = Math.Min(needed + (wanted * CallsAhead), (limit ?? long.MaxValue) - total);
            SpendingRows.ChangeAllowance(transaction, run, grant);
        });
        _run = run;
        _granted += grant;
    }

    private StudySpending Read(SqliteTransaction transaction) => SpendingReader.Of(transaction, study, _run, UnderWay);

    private string Now() => AnswerRow.Time(time.GetUtcNow());

    // Memory changes only once the rows have.
    private void Write(Action<SqliteTransaction> work)
    {
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            _unclear.Write(transaction, _run);
            work(transaction);
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw StoreFaults.Translate(e, options.Path);
        }

        Spent(_unclear.Nano);
        _unclear.Clear();
    }
}
