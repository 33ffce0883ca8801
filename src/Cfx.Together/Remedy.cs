namespace Cfx.Together;

/// <summary>What a person can do about a refused call.</summary>
internal static class Remedy
{
    public static string For(int? status, Call call, string keyVariable) => status switch
    {
        400 or 422 => "Check the request's values; for a chat call also the context length: use a shorter conversation or fewer tokens.",
        401 => $"Check the key in {keyVariable}.",
        402 => "The account's spending limit is reached: raise it or add credit, then run again.",
        403 => "The key has no access to this, or prompt and answer together exceed the model's context length: check both.",
        404 => call.NotFoundRemedy ?? "Check the name or id, and the base URL.",
        413 => "Send less at once.",
        429 => "The rate limit is reached: raise --delay or lower --max-concurrency, or run again later.",
        503 => "The model is overloaded: run again later or choose another model.",
        >= 500 => "The provider has trouble: run again later.",
        null => "Check the network and the base URL, then run again.",
        _ => "Check the base URL and the request.",
    };
}
