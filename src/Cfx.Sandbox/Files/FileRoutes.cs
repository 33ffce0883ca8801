using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Cfx.Sandbox.Files;

/// <summary>The routes under /files, and the address that uploads are redirected to.</summary>
internal sealed class FileRoutes(FileStore files, Func<string> serverAddress, int processingPolls)
{
    private static readonly string[] Purposes =
        ["fine-tune", "eval", "eval-sample", "eval-output", "eval-summary", "batch-generated", "batch-api"];

    private static readonly string[] Types = ["jsonl", "csv", "parquet"];

    private readonly ConcurrentDictionary<string, int> _polls = new(StringComparer.Ordinal);

    public IEnumerable<Route> All() =>
    [
        new("POST", "/files", CreateAsync) { StreamsBody = true },
        new("POST", "/files/upload", UploadAsync) { StreamsBody = true },
        new("PUT", "/upload/{id}", ReceiveAsync) { StreamsBody = true, IsOpen = true },
        new("POST", "/files/{id}/preprocess", call => Task.FromResult(Reply.Json(Describe(files.Get(call.Id))))),
        new("GET", "/files", _ => Task.FromResult(Reply.Json(new JsonObject { ["data"] = new JsonArray([.. files.List().Select(Describe)]) }))),
        new("GET", "/files/{id}", call => Task.FromResult(Reply.Json(Describe(files.Get(call.Id))))),
        new("GET", "/files/{id}/content", Content),
        new("DELETE", "/files/{id}", Delete),
    ];

    /// <summary>Whether the file may be used: its processing is over and has been seen to be.</summary>
    public bool IsReady(FileRecord file) => file.Status is not FileRecord.Pending && _polls.GetValueOrDefault(file.Id) >= processingPolls;

    private async Task<Reply> CreateAsync(ApiCall call)
    {
        if (call.Context.Request.ContentType is { } type && type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return await UploadAsync(call);
        }

        // One client sends the fields in the body, another in query and body alike.
        var form = call.Context.Request.HasFormContentType ? await call.Context.Request.ReadFormAsync(call.Aborted) : FormCollection.Empty;
        string? Field(string name) => form[name] is [{ Length: > 0 } value, ..] ? value : call.Query(name);
        var (name, purpose, fileType) = Accept(Field("file_name"), Field("purpose"), Field("file_type"));
        call.RequestHash = ContentId.Hex(64, name, purpose, fileType);

        var file = files.Create(name, purpose, fileType);
        var query = $"?name={Uri.EscapeDataString(name)}&part=1%20of%201";
        var location = $"{serverAddress()}/upload/{file.Id}{query}&signature={Signature(file.Id, query)}";
        return new Reply { Status = StatusCodes.Status302Found, Headers = [("Location", location), ("X-Together-File-Id", file.Id)] };
    }

    private async Task<Reply> ReceiveAsync(ApiCall call)
    {
        var request = call.Context.Request;
        var query = request.QueryString.Value ?? string.Empty;
        var cut = query.LastIndexOf("&signature=", StringComparison.Ordinal);
        if (cut < 0 || !string.Equals(query[(cut + "&signature=".Length)..], Signature(call.Id, query[..cut]), StringComparison.Ordinal))
        {
            // Signed over the query as it was given: a client that rewrites its escapes breaks it.
            throw new ApiException(403, "The signature does not match the address.", code: "signature_mismatch");
        }

        if (request.Headers.ContainsKey("Authorization"))
        {
            throw new ApiException(400, "A presigned address takes no Authorization header.", code: "two_authorizations");
        }

        if (request.ContentLength is null)
        {
            throw new ApiException(411, "The upload needs a Content-Length.", code: "length_required");
        }

        var file = await files.ReceiveAsync(call.Id, request.Body, call.Aborted);
        (call.BytesIn, call.RequestHash) = (file.Bytes, file.ContentHash);
        return new Reply { Status = StatusCodes.Status200OK, ContentType = "text/plain" };
    }

    private async Task<Reply> UploadAsync(ApiCall call)
    {
        if (!MediaTypeHeaderValue.TryParse(call.Context.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            throw new ApiException(400, "The body must be multipart/form-data.", code: "invalid_multipart");
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string? partName = null;
        var spool = new MemoryStream();
        try
        {
            var reader = new MultipartReader(boundary, call.Context.Request.Body);
            while (await reader.ReadNextSectionAsync(call.Aborted) is { } section)
            {
                var disposition = section.GetContentDispositionHeader();
                var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).Value ?? string.Empty;
                if (name is "file")
                {
                    partName = HeaderUtilities.RemoveQuotes(disposition!.FileName).Value;
                    await section.Body.CopyToAsync(spool, call.Aborted);
                    fields["file"] = string.Empty;
                }
                else
                {
                    fields[name] = await section.ReadAsStringAsync(call.Aborted);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or IOException && !call.Aborted.IsCancellationRequested)
        {
            throw new ApiException(400, "The multipart body is broken off or malformed.", code: "invalid_multipart");
        }

        if (!fields.ContainsKey("file"))
        {
            throw ApiException.Missing("file");
        }

        var (fileName, purpose, fileType) = Accept(fields.GetValueOrDefault("file_name") ?? partName, fields.GetValueOrDefault("purpose"), fields.GetValueOrDefault("file_type"));
        spool.Position = 0;
        var file = await files.ReceiveAsync(files.Create(fileName, purpose, fileType).Id, spool, call.Aborted);
        (call.BytesIn, call.RequestHash) = (file.Bytes, file.ContentHash);
        return Reply.Json(Describe(file));
    }

    private Task<Reply> Content(ApiCall call)
    {
        var file = files.Get(call.Id);
        return file.ContentHash is null
            ? throw new ApiException(404, $"The content of the file '{file.Id}' has not come yet.", "not_found_error", code: "not_uploaded")
            : Task.FromResult(new Reply { Status = StatusCodes.Status200OK, ContentType = "text/plain", FilePath = files.ContentPath(file) });
    }

    private Task<Reply> Delete(ApiCall call)
    {
        files.Delete(call.Id);
        return Task.FromResult(Reply.Json(new JsonObject { ["id"] = call.Id, ["object"] = "file", ["deleted"] = true }));
    }

    private JsonObject Describe(FileRecord file)
    {
        var ready = file.Status is FileRecord.Pending || _polls.AddOrUpdate(file.Id, 1, (_, seen) => seen + 1) > processingPolls;
        var status = ready ? file.Status : "RUNNING";
        var described = new JsonObject
        {
            ["id"] = file.Id,
            ["object"] = "file",
            ["created_at"] = file.CreatedAt.ToUnixTimeSeconds(),
            ["filename"] = file.FileName,
            ["bytes"] = file.Bytes,
            ["purpose"] = file.Purpose,
            ["FileType"] = file.FileType,
            ["Processed"] = status is FileRecord.Completed,
            ["LineCount"] = file.Lines ?? 0,
            ["processing_status"] = status,
        };
        if (status is FileRecord.Completed or FileRecord.InvalidFormat && file.Purpose is FileRecord.ForTraining)
        {
            var report = new JsonObject { ["valid"] = file.Error is null, ["file_id"] = file.Id };
            if (file.Error is not null)
            {
                report["error_type"] = FileRecord.InvalidFormat;
                report["error"] = file.Error;
            }

            if (file.DatasetFormat is not null)
            {
                report["dataset_format"] = file.DatasetFormat.ToUpperInvariant();
                report["nlines"] = file.Lines;
                report["dataset_has_message_weights"] = file.HasWeights;
            }

            described["validation_report"] = report;
        }

        return described;
    }

    private static (string Name, string Purpose, string Type) Accept(string? name, string? purpose, string? type)
    {
        if (string.IsNullOrEmpty(purpose))
        {
            throw ApiException.Missing("purpose");
        }

        // One client sends the whole path: only its last segment is a name.
        var last = (name ?? string.Empty).Split('/', '\\')[^1];
        if (last.Length is 0 or > 255)
        {
            throw last.Length == 0 ? ApiException.Missing("file_name") : ApiException.BadField("file_name", "The file name is longer than 255 characters.");
        }

        type = string.IsNullOrEmpty(type) ? "jsonl" : type;
        return !Purposes.Contains(purpose, StringComparer.Ordinal)
            ? throw ApiException.BadField("purpose", $"The purpose '{purpose}' is none of {string.Join(", ", Purposes)}.")
            : !Types.Contains(type, StringComparer.Ordinal)
                ? throw ApiException.BadField("file_type", $"The file type '{type}' is none of {string.Join(", ", Types)}.")
                : (last, purpose, type);
    }

    private static string Signature(string id, string query) => ContentId.Hex(32, "upload", id, query);
}
