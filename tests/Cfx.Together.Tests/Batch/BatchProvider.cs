using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Cfx.Together.Tests.Batch;

/// <summary>A provider of batches on a scripted server. It answers each call with its last message in upper case, in reversed order.</summary>
internal sealed class BatchProvider
{
    public const string Create = "POST /v1/batches";
    public const string List = "GET /v1/batches";
    private readonly ScriptedServer _server;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);

    public BatchProvider(ScriptedServer server)
    {
        _server = server;
        server.Always("POST /v1/files", BeginUpload)
            .Always("GET /v1/files", _ => Answer.Ok(new JsonObject { ["data"] = new JsonArray([.. _files.Values.Select(f => f.DeepClone())]) }.ToJsonString()))
            .Always(Create, Make)
            .Always(List, _ => Answer.Ok(new JsonArray([.. Batches.Select(b => b.DeepClone())]).ToJsonString()));
    }

    /// <summary>Every batch that was ever made.</summary>
    public List<JsonObject> Batches { get; } = [];

    /// <summary>How many looks at a batch find it going on.</summary>
    public int LooksBeforeTheEnd { get; set; } = 1;

    /// <summary>How a batch ends, by its number from 1.</summary>
    public Func<int, string> End { get; set; } = static _ => "COMPLETED";

    /// <summary>The lines for a call, given the batch's number, the id and the body; one that has "error" goes to the error file.</summary>
    public Func<int, string, JsonNode, IEnumerable<JsonObject>> Lines { get; set; } = static (_, id, body) => [Line(id, body)];

    /// <summary>Every call that was ever part of a batch, by its last message.</summary>
    public IEnumerable<string> Asked => Batches.SelectMany(b => Calls((string)b["input_file_id"]!)).Select(c => (string)c["body"]!["messages"]!.AsArray()[^1]!["content"]!);

    public IEnumerable<JsonObject> Calls(string file) =>
        _contents[file].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject());

    public string FileName(JsonObject batch) => (string)_files[(string)batch["input_file_id"]!]["filename"]!;

    public static JsonObject Line(string id, JsonNode body) => new()
    {
        ["custom_id"] = id,
        ["response"] = new JsonObject { ["status_code"] = 200, ["body"] = Completion(body) },
    };

    public static JsonObject Failed(string id, string message) =>
        new() { ["custom_id"] = id, ["error"] = new JsonObject { ["message"] = message, ["code"] = "x" } };

    /// <summary>Does what is asked and loses the reply.</summary>
    public Answer MakeAndLoseTheReply(Received received) => Make(received) with { Break = Break.BeforeTheReply };

    /// <summary>The answer, which a direct call gets too.</summary>
    public static JsonObject Completion(JsonNode body) => new()
    {
        ["id"] = "c-" + (string)body["messages"]!.AsArray()[^1]!["content"]!,
        ["created"] = 1_700_000_000,
        ["model"] = (string)body["model"]!,
        ["usage"] = new JsonObject { ["prompt_tokens"] = 10, ["completion_tokens"] = 5 },
        ["choices"] = new JsonArray(new JsonObject
        {
            ["finish_reason"] = "stop",
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = ((string)body["messages"]!.AsArray()[^1]!["content"]!).ToUpperInvariant() },
        }),
    };

    private Answer BeginUpload(Received received)
    {
        lock (_gate)
        {
            var id = $"file-{_files.Count + 1}";
            var fields = received.Body.Split('&').Select(f => f.Split('=')).ToDictionary(f => f[0], f => Uri.UnescapeDataString(f[1]), StringComparer.Ordinal);
            _files[id] = new JsonObject { ["id"] = id, ["filename"] = fields["file_name"], ["purpose"] = fields["purpose"], ["bytes"] = 0 };
            _server.Always($"PUT /bucket/{id}", put =>
            {
                _contents[id] = Encoding.UTF8.GetString(put.Bytes);
                _files[id]["bytes"] = put.Bytes.Length;
                return new Answer(200, "");
            });
            _server.Always($"GET /v1/files/{id}", _ => Answer.Ok(_files[id].ToJsonString()));
            return new Answer(302, "", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Location"] = new Uri(_server.Root, "/bucket/" + id).AbsoluteUri,
                ["X-Together-File-Id"] = id,
            });
        }
    }

    private Answer Make(Received received)
    {
        lock (_gate)
        {
            var number = Batches.Count + 1;
            var id = string.Create(CultureInfo.InvariantCulture, $"batch-{number}");
            var batch = new JsonObject { ["id"] = id, ["input_file_id"] = (string)JsonNode.Parse(received.Body)!["input_file_id"]!, ["status"] = "VALIDATING", ["progress"] = 0 };
            Batches.Add(batch);
            var looks = 0;
            _server.Always($"GET /v1/batches/{id}", _ =>
            {
                lock (_gate)
                {
                    if (++looks > LooksBeforeTheEnd && (string)batch["status"]! is "VALIDATING" or "IN_PROGRESS")
                    {
                        Finish(number, batch);
                    }
                    else if (looks <= LooksBeforeTheEnd)
                    {
                        batch["status"] = "IN_PROGRESS";
                        batch["progress"] = 40.5;
                    }

                    return Answer.Ok(batch.ToJsonString());
                }
            });
            return new Answer(201, new JsonObject { ["job"] = batch.DeepClone(), ["warning"] = "slow today" }.ToJsonString());
        }
    }

    private void Finish(int number, JsonObject batch)
    {
        var status = End(number);
        batch["status"] = status;
        batch["progress"] = 100;
        var lines = status == "FAILED" ? [] : Calls((string)batch["input_file_id"]!).SelectMany(c => Lines(number, (string)c["custom_id"]!, c["body"]!)).Reverse().ToList();
        if (status == "FAILED")
        {
            batch["error"] = "the file is not to our liking";
        }

        Give("output_file_id", lines.Where(l => !l.ContainsKey("error")));
        Give("error_file_id", lines.Where(l => l.ContainsKey("error")));

        void Give(string field, IEnumerable<JsonObject> chosen)
        {
            var text = string.Concat(chosen.Select(l => l.ToJsonString() + "\n"));
            if (text.Length > 0)
            {
                var id = $"{field}-{number}";
                batch[field] = id;
                _server.Always($"GET /v1/files/{id}/content", Answer.Ok(text));
            }
        }
    }
}
