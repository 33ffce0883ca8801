using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Schema;

/// <summary>Every place where the specification contradicts itself, and how it is read.</summary>
internal static class Readings
{
    public static IReadOnlyList<Reading> All { get; } =
    [
        // The validator knows nullable; in strict 3.1 the word would mean nothing and every null would be wrong.
        new(
            "the whole document",
            "it calls itself OpenAPI 3.1, where 'nullable' does not exist, yet uses 3.0's 'nullable' throughout, also beside $ref and as a part of allOf",
            "null is allowed wherever the schema, what it refers to or any part of its composition says nullable: true; beside $ref all words count, as in 3.1",
            root => root["openapi"]!.GetValue<string>().StartsWith("3.1", StringComparison.Ordinal) && root.ToJsonString().Contains("\"nullable\":true", StringComparison.Ordinal)),

        new(
            "FinetuneEventLevels",
            "type string, with null among the enum's words",
            "null is allowed",
            root => Schemas(root)["FinetuneEventLevels"] is { } levels && levels["type"]?.GetValue<string>() is "string" && levels["enum"]!.AsArray().Contains(null)),

        new(
            "TrainingMethodSFT.train_on_inputs",
            "oneOf boolean or \"auto\", beside type boolean, and \"auto\" as the default",
            "the oneOf counts, and not the type beside it",
            root => DropTypeBesideOneOf(Schemas(root)["TrainingMethodSFT"]!["properties"]!["train_on_inputs"]!)),

        new(
            "POST /fine-tunes train_on_inputs",
            "the same, in the deprecated field",
            "the oneOf counts; the field is never sent, since training_method has it",
            root => DropTypeBesideOneOf(JobRequest(root)["train_on_inputs"]!)),

        new(
            "FinetuneResponse.id",
            "format uuid, while its own examples, the short form and the path parameters say a string that starts with ft-",
            "an opaque string",
            root => Schemas(root)["FinetuneResponse"]!["properties"]!["id"]!.AsObject().Remove("format")),

        new(
            "LRScheduler.lr_scheduler_args",
            "oneOf linear or cosine arguments, but whatever fits cosine also fits linear, so that cosine arguments would never be valid",
            "lr_scheduler_type chooses",
            root => ChooseSchedulerByType(Schemas(root)["LRScheduler"]!.AsObject())),

        new(
            "POST /fine-tunes lr_scheduler",
            "an object whose default is the word none",
            "an object, or left out",
            root => JobRequest(root)["lr_scheduler"] is { } scheduler && scheduler["default"]?.GetValueKind() is System.Text.Json.JsonValueKind.String
                && scheduler["type"]!.GetValue<string>() is "object" && scheduler.AsObject().Remove("default")),

        new(
            "ChatCompletionRequest.chat_template_kwargs",
            "'additional_properties', which no version has",
            "additionalProperties",
            root => Schemas(root)["ChatCompletionRequest"]!["properties"]!["chat_template_kwargs"]!.AsObject() is var kwargs
                && kwargs.Remove("additional_properties", out var open) && kwargs.TryAdd("additionalProperties", open)),

        new(
            "GET /fine-tunes/{id}/metrics",
            "filters in the JSON body of a GET, which clients in use put into the query",
            "both are taken, with the body's types; the query is sent",
            root => FiltersAlsoInTheQuery(root["paths"]!["/fine-tunes/{id}/metrics"]!["get"]!.AsObject())),

        new(
            "POST /fine-tunes/{id}/cancel, GET /fine-tunes/{id}/metrics",
            "errors without any content, while every other operation answers with ErrorData",
            "ErrorData, as also for a status that an operation does not list",
            root => root["paths"]!["/fine-tunes/{id}/cancel"]!["post"]!["responses"]!["404"]!["content"] is null),

        new(
            "ChatCompletionStream",
            "a schema for text/event-stream that describes one object",
            "each data line is an object whose 'data' is the line's JSON, or the text [DONE]",
            root => root["paths"]!["/chat/completions"]!["post"]!["responses"]!["200"]!["content"]!["text/event-stream"] is not null),
    ];

    private static JsonObject Schemas(JsonObject root) => root["components"]!["schemas"]!.AsObject();

    private static JsonObject JobRequest(JsonObject root) =>
        root["paths"]!["/fine-tunes"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!.AsObject();

    private static bool DropTypeBesideOneOf(JsonNode schema) => schema["oneOf"] is not null && schema.AsObject().Remove("type");

    private static bool ChooseSchedulerByType(JsonObject scheduler)
    {
        if (scheduler["properties"]?["lr_scheduler_args"]?["oneOf"] is not JsonArray { Count: 2 })
        {
            return false;
        }

        static JsonObject Kind(string type, string arguments) => new()
        {
            ["properties"] = new JsonObject
            {
                ["lr_scheduler_type"] = new JsonObject { ["const"] = type },
                ["lr_scheduler_args"] = new JsonObject { ["$ref"] = $"#/components/schemas/{arguments}" },
            },
        };
        scheduler["properties"]!["lr_scheduler_args"] = new JsonObject { ["type"] = "object" };
        scheduler["oneOf"] = new JsonArray(Kind("linear", "LinearLRSchedulerArgs"), Kind("cosine", "CosineLRSchedulerArgs"));
        return true;
    }

    private static bool FiltersAlsoInTheQuery(JsonObject operation)
    {
        var filters = operation["requestBody"]?["content"]?["application/json"]?["schema"]?["properties"] as JsonObject ?? [];
        foreach (var (name, schema) in filters)
        {
            operation["parameters"]!.AsArray().Add(new JsonObject { ["name"] = name, ["in"] = "query", ["schema"] = schema!.DeepClone() });
        }

        return filters.Count > 0;
    }
}
