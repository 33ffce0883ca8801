namespace Cfx.Sandbox.Http;

/// <summary>A request is answered with an error in the API's shape.</summary>
internal sealed class ApiException(int status, string message, string type = "invalid_request_error", string? param = null, string? code = null)
    : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    /// <summary>The field of the request that is at fault.</summary>
    public string? Param { get; } = param;

    public string? Code { get; } = code;

    public static ApiException BadField(string param, string message) => new(400, message, param: param, code: "invalid_value");

    public static ApiException Missing(string param) => new(400, $"The field '{param}' is required.", param: param, code: "missing_field");

    public static ApiException NotFound(string what, string id) => new(404, $"There is no {what} '{id}'.", "not_found_error", code: "not_found");

    public static ApiException ModelNotFound(string name) => new(
        404,
        $"Unable to access model {name}. GET /v1/models lists the models that there are.",
        param: "model",
        code: "model_not_available");
}
