using System.Net;
using System.Text.Json;
using Cfx.Core;
using Cfx.Core.Generation;
using Cfx.Together.Wire;
using Microsoft.Extensions.Logging;

namespace Cfx.Together;

/// <summary>Files at a provider.</summary>
public sealed class TogetherFiles
{
    private const string Remedy404 = "The provider knows no such file: check the id and that the key belongs to the account that made it.";
    private const string Listing = "Listing the files";
    private static readonly Func<JsonElement, string?> Whole = WireList.Whole(
        WireJson.Default.FileObject, f => string.IsNullOrEmpty(f.Id) ? "has no id" : string.IsNullOrEmpty(f.Filename) ? "has no name" : null);

    private readonly ITogetherApi _api;
    private readonly CallPolicy _policy;
    private readonly HttpClient _uploads;
    private readonly TogetherOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal TogetherFiles(
        ITogetherApi api, CallPolicy policy, HttpClient uploads, TogetherOptions options, TimeProvider time, ILogger logger)
    {
        _api = api;
        _policy = policy;
        _uploads = uploads;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Sends a JSONL file and waits until the provider has processed it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="purpose">fine-tune, batch-api or eval.</param>
    /// <param name="progress">Told the bytes sent.</param>
    /// <param name="cancellationToken">Gives up; a file sent so far may remain at the provider.</param>
    /// <returns>The file as the provider describes it.</returns>
    /// <exception cref="MisuseException">The file cannot be read.</exception>
    /// <exception cref="ProviderException">The provider refused it or found it invalid.</exception>
    public async Task<FileObject> UploadAsync(string path, string purpose, IProgressSink progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var name = Path.GetFileName(path);
        var length = Length(path);
        using var scope = progress.Begin($"bytes of {name} sent", length);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["purpose"] = purpose,
            ["file_name"] = name,
            ["file_type"] = "jsonl",
        };
        var id = await BeginAsync(fields, name, cancellationToken) is { } target
            ? await PutAsync(path, name, target, scope, cancellationToken)
            : await PostFormAsync(path, fields, scope, cancellationToken);
        var file = await WaitAsync(id, name, cancellationToken);
        _logger.LogInformation("Uploaded {Name} ({Bytes} bytes) as {Id}", name, length, id);
        return file;
    }

    /// <summary>Every file of the account, to look for one.</summary>
    /// <exception cref="ProviderException">The provider could not be reached or refused, or one of its files cannot be told from others.</exception>
    public async Task<IReadOnlyList<FileObject>> ListAsync(CancellationToken cancellationToken)
    {
        var body = await _policy.SendAsync(new Call(Listing, "GET /files"), _api.FilesAsync, Whole, cancellationToken);
        return [.. WireList.Read(body, WireJson.Default.FileObject)];
    }

    /// <summary>The account's files, to be shown: one that cannot be read is left out with a warning.</summary>
    /// <exception cref="ProviderException">The provider could not be reached or refused.</exception>
    public async Task<IReadOnlyList<FileObject>> ListReadableAsync(CancellationToken cancellationToken)
    {
        var body = await _policy.SendAsync(new Call(Listing, "GET /files"), _api.FilesAsync, WireList.Malformed, cancellationToken);
        return WireList.Readable(body, WireJson.Default.FileObject, f => string.IsNullOrEmpty(f.Id) ? "has no id" : null, Listing, _logger);
    }

    public Task<FileObject> GetAsync(string id, CancellationToken cancellationToken) =>
        _policy.SendAsync(
            new Call($"Looking at the file {id}", $"GET /files/{id}") { NotFoundRemedy = Remedy404 },
            t => _api.FileAsync(id, t), null, cancellationToken);

    /// <summary>Copies a file's bytes to a stream; a copy that breaks off begins again at the stream's position, so it must be seekable.</summary>
    public Task DownloadAsync(string id, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var start = target.Position;
        var call = new Call($"Reading the file {id}", $"GET /files/{id}/content") { NotFoundRemedy = Remedy404, Timeout = _options.UploadTimeout };
        return _policy.RunAsync(call, async token =>
        {
            using var response = await _api.FileContentAsync(id, token);
            if (!response.IsSuccessStatusCode)
            {
                _policy.RequireSuccess(response, await response.Content.ReadAsStringAsync(token));
            }

            target.Position = start;
            target.SetLength(start);
            await response.Content.CopyToAsync(target, token);
            return true;
        }, cancellationToken);
    }

    public Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        _policy.DeleteAsync(
            new Call($"Deleting the file {id}", $"DELETE /files/{id}") { NotFoundRemedy = Remedy404 },
            t => _api.DeleteFileAsync(id, t), cancellationToken);

    private static long Length(string path)
    {
        try
        {
            return File.OpenHandle(path) is var handle ? LengthOf(handle) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"Cannot read '{path}': {e.Message}", e);
        }

        static long LengthOf(Microsoft.Win32.SafeHandles.SafeFileHandle handle)
        {
            using (handle)
            {
                return RandomAccess.GetLength(handle);
            }
        }
    }

    /// <summary>Asks where to send a file; null when the provider does not redirect, so that the file goes in one form instead.</summary>
    private Task<UploadTarget?> BeginAsync(Dictionary<string, string> fields, string name, CancellationToken cancellationToken) =>
        _policy.RunAsync(new Call($"Beginning the upload of {name}", "POST /files"), async token =>
        {
            using var response = await _api.BeginUploadAsync(fields, token);
            if (response.StatusCode == HttpStatusCode.Found)
            {
                return Target(response);
            }

            var body = await response.Content.ReadAsStringAsync(token);
            if ((int)response.StatusCode is 401 or 402 or 403 or 408 or 409 or 429 or >= 500)
            {
                _policy.RequireSuccess(response, body);
            }

            _logger.LogDebug("POST /files answered {Status} instead of 302; sending {Name} as a form", (int)response.StatusCode, name);
            return null;
        }, cancellationToken);

    private UploadTarget Target(HttpResponseMessage response)
    {
        var location = response.Headers.Location
            ?? throw new CallFault("the answer 302 has no Location", 302, isPassing: true);
        var id = response.Headers.TryGetValues("X-Together-File-Id", out var ids)
            ? ids.First() : throw new CallFault("the answer 302 has no X-Together-File-Id", 302, isPassing: true);
        var url = location.IsAbsoluteUri ? location : new Uri(_options.BaseUrl, location);
        return Connection.IsAllowed(url)
            ? new UploadTarget(url, id)
            : throw new CallFault($"the upload address {url.Scheme}://{url.Authority} is not encrypted", 302, isPassing: false);
    }

    private async Task<string> PutAsync(
        string path, string name, UploadTarget target, IProgressScope scope, CancellationToken cancellationToken)
    {
        var put = new Call($"Sending {name}", "PUT") { Place = target.Url.Authority, Timeout = _options.UploadTimeout };
        await _policy.RunAsync(put, async token =>
        {
            using var content = new ProgressContent(path, scope);
            using var response = await _uploads.PutAsync(target.Url, content, token);
            _policy.RequireSuccess(response, await response.Content.ReadAsStringAsync(token));
            return response.StatusCode == HttpStatusCode.OK ? true
                : throw new CallFault($"HTTP {(int)response.StatusCode} instead of 200", (int)response.StatusCode, isPassing: true);
        }, cancellationToken);
        try
        {
            await _policy.SendAsync(
                new Call($"Asking for {name} to be processed", $"POST /files/{target.Id}/preprocess"),
                t => _api.PreprocessAsync(target.Id, t), null, cancellationToken);
        }
        catch (ProviderException e) when (e.StatusCode is 404 or 405 or null)
        {
            // Not every server has this step, and its answer tells nothing that the wait below does not.
            _logger.LogDebug("{Name} is not asked to be processed ({Reason})", name, e.Message);
        }

        return target.Id;
    }

    private async Task<string> PostFormAsync(
        string path, Dictionary<string, string> fields, IProgressScope scope, CancellationToken cancellationToken)
    {
        var name = fields["file_name"];
        var call = new Call($"Uploading {name}", "POST /files/upload") { Timeout = _options.UploadTimeout };
        var file = await _policy.SendAsync(
            call,
            async token =>
            {
                using var form = new MultipartFormDataContent();
                form.Add(new ProgressContent(path, scope), "file", name);
                foreach (var (field, value) in fields)
                {
                    form.Add(new StringContent(value), field);
                }

                return await _api.UploadAsync(form, token);
            },
            f => string.IsNullOrEmpty(f.Id) ? "it has no file id" : null,
            cancellationToken);
        return file.Id!;
    }

    private async Task<FileObject> WaitAsync(string id, string name, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var file = await GetAsync(id, cancellationToken);
            switch (file.ProcessingStatus?.ToUpperInvariant())
            {
                case null or "" or "COMPLETED":
                    return file with { Id = id };
                case "FAILED" or "INVALID_FORMAT":
                    var why = file.ValidationReport?.Error ?? file.ValidationReport?.ErrorType ?? "no reason given";
                    throw new ProviderException(
                        $"{_options.Provider} finds the file {name} ({id}) {file.ProcessingStatus!.ToLowerInvariant()}: {_options.Redact(why)}. "
                        + "Mend the file and run again.");
            }

            if (_time.GetElapsedTime(started) >= _options.ProcessingTimeout)
            {
                throw new ProviderException(
                    $"The file {name} ({id}) is still {file.ProcessingStatus!.ToLowerInvariant()} at {_options.Provider} after "
                    + $"{_options.ProcessingTimeout:g}. Run again later.");
            }

            await Task.Delay(_options.ProcessingInterval, _time, cancellationToken);
        }
    }

    private sealed record UploadTarget(Uri Url, string Id);
}
