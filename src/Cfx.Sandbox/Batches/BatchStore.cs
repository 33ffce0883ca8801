using System.Globalization;
using System.Text.Json;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Batches;

/// <summary>The batches, in memory and in the state folder. What is read and changed is so under one lock.</summary>
internal sealed class BatchStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StateFolder _folder;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, BatchRecord> _batches;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _news = new(1);

    public BatchStore(StateFolder folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        _batches = Directory.EnumerateFiles(folder.Batches, "*.json")
            .Select(path => JsonSerializer.Deserialize(File.ReadAllBytes(path), StateJson.Default.BatchRecord)!)
            .ToDictionary(batch => batch.Id, StringComparer.Ordinal);
    }

    /// <summary>Where the lines that have been answered are kept until the batch is over.</summary>
    public string AnswersPath(string id) => Path.Combine(_folder.Batches, id + ".answers.jsonl");

    /// <summary>Reads every batch, oldest first.</summary>
    public IReadOnlyList<T> List<T>(Func<BatchRecord, T> read)
    {
        lock (_gate)
        {
            return [.. _batches.Values.Where(batch => !batch.IsGone).OrderBy(batch => batch.Sequence).Select(read)];
        }
    }

    /// <exception cref="ApiException">404: no such batch.</exception>
    public T Read<T>(string id, Func<BatchRecord, T> read)
    {
        lock (_gate)
        {
            return _batches.TryGetValue(id, out var batch) && !batch.IsGone ? read(batch) : throw ApiException.NotFound("batch", id);
        }
    }

    /// <summary>Changes a batch and stores it.</summary>
    /// <param name="id">The batch's id.</param>
    /// <param name="change">What is changed.</param>
    /// <param name="store">False for what need not survive this server.</param>
    public void Change(string id, Action<BatchRecord> change, bool store = true)
    {
        lock (_gate)
        {
            change(_batches[id]);
            if (store)
            {
                Store(_batches[id]);
            }
        }
    }

    /// <param name="input">The file of its requests.</param>
    /// <param name="endpoint">What they are sent to.</param>
    /// <param name="window">How long it may take.</param>
    /// <param name="fault">What will go wrong with it; null for nothing.</param>
    /// <param name="read">Reads the new batch.</param>
    public T Create<T>(FileRecord input, string endpoint, TimeSpan window, Fault? fault, Func<BatchRecord, T> read)
    {
        lock (_gate)
        {
            var repetition = 0;
            string id;
            do
            {
                id = Guid.Parse(ContentId.Hex(32, "batch", input.ContentHash, endpoint, (repetition++).ToString(CultureInfo.InvariantCulture))).ToString();
            }
            while (_batches.ContainsKey(id));

            var now = _time.GetUtcNow();
            var batch = new BatchRecord
            {
                Id = id,
                Sequence = _batches.Count,
                InputFile = input.Id,
                InputBytes = input.Bytes,
                Endpoint = endpoint,
                CreatedAt = now,
                Deadline = now + window,
                Fate = fault?.Kind is >= FaultKind.BatchFails and <= FaultKind.BatchLinesTwice ? fault?.Kind : null,
                FateAmount = fault?.Amount,
                Status = BatchRecord.Validating,
                IsGone = fault?.Kind == FaultKind.BatchVanishes,
            };
            Store(batch);
            _batches[id] = batch;
            _news.Release();
            return read(batch);
        }
    }

    /// <summary>The batches that are not over and that this has not named before; waits for one.</summary>
    public async Task<IReadOnlyList<string>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _news.WaitAsync(cancellationToken);
            lock (_gate)
            {
                var waiting = _batches.Values.Where(batch => !batch.IsGone && !batch.IsOver() && _taken.Add(batch.Id)).OrderBy(batch => batch.Sequence).Select(batch => batch.Id).ToList();
                if (waiting.Count > 0)
                {
                    return waiting;
                }
            }
        }
    }

    public void Dispose() => _news.Dispose();

    private void Store(BatchRecord batch) => StateFolder.Write(
        Path.Combine(_folder.Batches, batch.Id + ".json"),
        stream => JsonSerializer.Serialize(stream, batch, StateJson.Default.BatchRecord));
}
