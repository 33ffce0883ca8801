using System.Text.Json;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Files;
using Cfx.Sandbox.Http;

namespace Cfx.Sandbox.Batches;

/// <summary>The lines of a batch that are done, kept as they come, so that a stopped server answers none twice.</summary>
internal sealed class BatchAnswers : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _stream;
    private readonly Dictionary<string, JsonObject> _done = new(StringComparer.Ordinal);

    private BatchAnswers(FileStream stream) => _stream = stream;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _done.Count;
            }
        }
    }

    /// <summary>Opens what an earlier sitting left; a line torn by its end is dropped.</summary>
    public static async Task<BatchAnswers> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var answers = new BatchAnswers(stream);
        var whole = 0L;
        await foreach (var line in JsonLines.ReadAsync(stream, cancellationToken))
        {
            try
            {
                var done = JsonNode.Parse(line)!.AsObject();
                answers._done[done["custom_id"]!.GetValue<string>()] = done;
                whole += line.Length + 1;
            }
            catch (JsonException)
            {
                break;
            }
        }

        stream.SetLength(Math.Min(whole, stream.Length));
        stream.Seek(0, SeekOrigin.End);
        return answers;
    }

    public bool Has(string customId)
    {
        lock (_gate)
        {
            return _done.ContainsKey(customId);
        }
    }

    public void Add(JsonObject line)
    {
        byte[] bytes = [.. Wire.Bytes(line), (byte)'\n'];
        lock (_gate)
        {
            _done[line["custom_id"]!.GetValue<string>()] = line;
            _stream.Write(bytes);
        }
    }

    /// <summary>Everything done, in an order that does not depend on which came first.</summary>
    public IReadOnlyList<JsonObject> All()
    {
        lock (_gate)
        {
            return [.. _done.OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => line.Value)];
        }
    }

    public void Dispose() => _stream.Dispose();
}
