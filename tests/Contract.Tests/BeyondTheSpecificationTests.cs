using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cfx.Contract.Tests.Recording;

namespace Cfx.Contract.Tests;

/// <summary>What the specification does not say and servers and clients in use do. These need no specification beside the project.</summary>
[TestFixture]
public sealed class BeyondTheSpecificationTests : RecordedFixture
{
    /// <summary>The operations whose times are text.</summary>
    private static readonly string[] TextTimes = ["/fine-tunes", "/batches", "/endpoints", "/hardware"];

    [Test]
    public void An_upload_is_announced_redirected_put_processed_and_looked_at()
    {
        var calls = FromClient.ToList();
        var begin = calls.FindIndex(call => IsCall(call, "POST", "/files"));
        var (announced, put, preprocess, look) = (calls[begin], calls[begin + 1], calls[begin + 2], calls[begin + 3]);
        var id = announced.ResponseHeaders["X-Together-File-Id"];
        var location = new Uri(announced.ResponseHeaders["Location"]);
        Assert.Multiple(() =>
        {
            Assert.That(announced.RequestType, Is.EqualTo("application/x-www-form-urlencoded"));
            Assert.That(announced.RequestText.Split('&').Order(StringComparer.Ordinal), Is.EqualTo(new[] { "file_name=other.jsonl", "file_type=jsonl", "purpose=batch-api" }));
            Assert.That((announced.Status, announced.ResponseBody.Length), Is.EqualTo((302, 0)));
            Assert.That((put.Method, put.Target, put.Status), Is.EqualTo(("PUT", location.PathAndQuery, 200)), "the address is signed as it is written");
            Assert.That(put.RequestHeaders["Content-Length"], Is.EqualTo(put.RequestBody.Length.ToString(CultureInfo.InvariantCulture)));
            Assert.That(put.RequestText, Is.EqualTo("{\"custom_id\":\"1\",\"body\":{}}\n"));
            Assert.That((preprocess.Method, preprocess.Path, preprocess.RequestBody.Length), Is.EqualTo(("POST", $"/files/{id}/preprocess", 0)));
            Assert.That((look.Method, look.Path), Is.EqualTo(("GET", $"/files/{id}")));
        });
    }

    [Test]
    public void The_key_goes_with_every_call_but_never_to_an_upload_address() => Assert.Multiple(() =>
    {
        Assert.That(FromClient.Where(call => call.IsVersioned).Select(Authorization).Distinct(StringComparer.Ordinal), Is.EqualTo(new[] { $"Bearer {Session.Key}" }));
        Assert.That(FromClient.Where(call => !call.IsVersioned).Select(Authorization).Distinct(StringComparer.Ordinal), Is.EqualTo(new[] { "" }));
    });

    [Test]
    public void A_file_is_used_only_once_it_is_processed()
    {
        var calls = FromClient.ToList();
        var create = calls.FindIndex(call => IsCall(call, "POST", "/fine-tunes") && call.Status == 200);
        var file = JsonNode.Parse(calls[create].RequestText)!["training_file"]!.GetValue<string>();
        var seen = calls.Take(create).Where(call => IsCall(call, "GET", $"/files/{file}")).Select(call => Text(call, "processing_status"));
        Assert.That(seen, Is.EqualTo(new[] { "RUNNING", "COMPLETED" }));
    }

    [Test]
    public void Processed_agrees_with_the_processing_status() =>
        Assert.That(Files().Select(f => (f["Processed"]!.GetValue<bool>(), f["processing_status"]!.GetValue<string>())).Distinct(), Is.EquivalentTo(new[]
        {
            (false, "PENDING"), (false, "RUNNING"), (false, "INVALID_FORMAT"), (true, "COMPLETED"),
        }));

    [Test]
    public void A_processed_training_file_is_reported_on_and_no_other() => Assert.Multiple(() =>
    {
        foreach (var file in Files())
        {
            var report = file["validation_report"];
            var isReported = file["purpose"]!.GetValue<string>() is "fine-tune" && file["processing_status"]!.GetValue<string>() is "COMPLETED" or "INVALID_FORMAT";
            Assert.That(report is not null, Is.EqualTo(isReported), file.ToJsonString());
            Assert.That(report?["valid"]!.GetValue<bool>() ?? true, Is.EqualTo(file["processing_status"]!.GetValue<string>() is not "INVALID_FORMAT"), file.ToJsonString());
        }

        var valid = Files().First(file => file["filename"]!.GetValue<string>() is "train.jsonl" && file["validation_report"] is not null)["validation_report"]!;
        Assert.That((valid["dataset_format"]!.GetValue<string>(), valid["nlines"]!.GetValue<int>(), valid["dataset_has_message_weights"]!.GetValue<bool>()), Is.EqualTo(("CONVERSATION", 3, true)));
        var invalid = Files().First(file => file["processing_status"]!.GetValue<string>() is "INVALID_FORMAT")["validation_report"]!;
        Assert.That(invalid["error_type"]!.GetValue<string>(), Is.EqualTo("INVALID_FORMAT"));
        Assert.That(invalid["error"]!.GetValue<string>(), Is.Not.Empty);
    });

    [Test]
    public void Limits_of_an_unknown_model_are_refused_in_a_shape_of_their_own()
    {
        var refused = Exchanges.Where(call => IsCall(call, "GET", "/fine-tunes/models/limits") && call.Status == 404).ToList();
        Assert.That(refused, Is.Not.Empty);
        Assert.That(refused.Select(call => string.Join(' ', call.ResponseJson.AsObject().Select(field => field.Key))).Distinct(StringComparer.Ordinal), Is.EqualTo(new[] { "message" }));
    }

    [Test]
    public void An_estimate_is_either_a_price_or_a_reason_why_there_is_none()
    {
        var estimates = Exchanges.Where(call => IsCall(call, "POST", "/fine-tunes/estimate-price") && call.Status == 200).Select(call => call.ResponseJson).ToList();
        var reasons = estimates.Where(e => !e["estimation_available"]!.GetValue<bool>()).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(estimates.Except(reasons).Select(e => e.AsObject().ContainsKey("unavailable_reason")), Is.Not.Empty.And.All.False);
            Assert.That(reasons.Select(e => e["unavailable_reason"]!.GetValue<string>()), Is.EquivalentTo(new[]
            {
                "train_file_not_validated", "train_file_not_validated", "train_file_invalid", "eval_file_invalid",
            }));
            Assert.That(reasons.Select(e => e.AsObject().Count), Is.All.EqualTo(2), "no price beside a reason");
        });
    }

    [Test]
    public void Metric_filters_mean_the_same_in_the_query_and_in_the_body()
    {
        static string Form(Exchange call) => call.RequestBody.Length > 0 ? "body" : call.Target.Contains('?', StringComparison.Ordinal) ? "query" : "none";
        var byStep = Exchanges.Where(call => call.Path.EndsWith("/metrics", StringComparison.Ordinal) && call.Status == 200
            && (call.Target + call.RequestText).Contains("global_step_from", StringComparison.Ordinal)).ToList();
        Assert.That(byStep.Select(Form), Is.EqualTo(new[] { "query", "body" }));
        Assert.That(byStep[0].ResponseText, Is.EqualTo(byStep[1].ResponseText));
        Assert.That(byStep[0].ResponseJson["metrics"]!.AsArray().Select(entry => entry!["train/global_step"]!.GetValue<int>()), Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void Job_times_are_text_with_a_fraction_in_utc_and_other_times_are_seconds() => Assert.Multiple(() =>
    {
        foreach (var (path, value) in Exchanges.Where(call => call.Status == 200 && call.ResponseType is "application/json").SelectMany(call => Times(call.Path, call.ResponseJson)))
        {
            var isText = TextTimes.Any(start => path.StartsWith(start, StringComparison.Ordinal));
            Assert.That(value.ToJsonString(), Does.Match(isText ? @"^""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z""$" : @"^\d+$"), path);
        }
    });

    [Test]
    public void Event_words_are_lower_case()
    {
        var words = Exchanges.Where(call => call.Path.EndsWith("/events", StringComparison.Ordinal) && call.Status == 200)
            .SelectMany(call => call.ResponseJson["data"]!.AsArray()).SelectMany(e => new[] { e!["type"]!.GetValue<string>(), e["level"]!.GetValue<string>() }).ToList();
        Assert.That(words, Does.Contain("job_complete").And.Contain("job_error").And.Contain("warning"));
        Assert.That(words, Is.All.Matches<string>(word => Regex.IsMatch(word, "^[a-z_]+$", RegexOptions.None, TimeSpan.FromSeconds(5))));
    }

    [Test]
    public void Jobs_are_seen_in_every_state_that_the_client_must_tell_apart()
    {
        var states = Exchanges.Where(call => call.Path.StartsWith("/fine-tunes/ft-", StringComparison.Ordinal) && call.Status == 200)
            .Select(call => (call.ResponseJson as JsonObject)?["status"]?.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        Assert.That(states, Is.SupersetOf(new[] { "running", "cancel_requested", "cancelled", "error", "completed" }));
    }

    [Test]
    public void The_method_of_a_job_is_told_as_it_was_asked_for()
    {
        var created = Exchanges.Where(call => IsCall(call, "POST", "/fine-tunes") && call.Status == 200).ToList();
        Assert.Multiple(() =>
        {
            foreach (var call in created)
            {
                var asked = JsonNode.Parse(call.RequestText)!["training_method"]?["train_on_inputs"]?.ToJsonString() ?? "\"auto\"";
                Assert.That(call.ResponseJson["training_method"]!["train_on_inputs"]!.ToJsonString(), Is.EqualTo(asked), call.RequestText);
            }
        });
    }

    [Test]
    public void Every_answer_has_a_request_id_and_every_error_words() => Assert.Multiple(() =>
    {
        foreach (var call in Exchanges)
        {
            Assert.That(call.ResponseHeaders, Does.ContainKey("x-request-id"), call.ToString());
            if (call.Status >= 400)
            {
                // The errors of batches are a bare text.
                var error = call.ResponseJson["error"];
                var words = error is JsonValue ? error : error?["message"] ?? call.ResponseJson["message"];
                Assert.That(error is JsonValue, Is.EqualTo(!call.IsUnserved && call.Path.StartsWith("/batches", StringComparison.Ordinal)), call.ToString());
                Assert.That(words?.GetValue<string>(), Is.Not.Null.And.Not.Empty, call.ToString());
            }
        }
    });

    [Test]
    public void Whoever_asks_who_they_are_learns_the_project() =>
        Assert.That(Exchanges.Where(call => IsCall(call, "GET", "/whoami") && call.Status == 200).Select(call => Text(call, "project_id")), Is.Not.Empty.And.All.Matches<string?>(id => id is { Length: > 0 }));

    private IEnumerable<JsonNode> Files() => Exchanges
        .Where(call => call is { Status: 200, ResponseType: "application/json" } && call.Path.StartsWith("/files", StringComparison.Ordinal) && call.Method is not "DELETE")
        .SelectMany(call => call.ResponseJson["data"] is JsonArray list ? list.Select(file => file!) : [call.ResponseJson]);

    private static bool IsCall(Exchange call, string method, string path) =>
        string.Equals(call.Method, method, StringComparison.Ordinal) && string.Equals(call.Path, path, StringComparison.Ordinal) && call.IsVersioned;

    private static string Authorization(Exchange call) => call.RequestHeaders.GetValueOrDefault("Authorization") ?? "";

    private static string? Text(Exchange call, string name) => call.ResponseJson[name]?.GetValue<string>();

    private static IEnumerable<(string Path, JsonNode Value)> Times(string path, JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(field => field.Key is "created" or "created_at" or "updated_at" or "started_at" ? [(path, field.Value!)] : Times(path, field.Value)),
        JsonArray list => list.SelectMany(item => Times(path, item)),
        _ => [],
    };
}
