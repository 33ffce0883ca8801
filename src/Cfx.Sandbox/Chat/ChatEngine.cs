using System.Text.Json;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.Prices;
using Cfx.Sandbox.Serving;

namespace Cfx.Sandbox.Chat;

/// <summary>Answers chat requests, whether they come by themselves or as lines of a batch.</summary>
internal sealed class ChatEngine(ModelDirectory models, ServingDesk serving, PriceList prices, TimeProvider time)
{
    private readonly ChatRequestReader _reader = new(models);

    /// <param name="body">The request.</param>
    /// <param name="isBatch">Whether it is billed as a batch's line.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">The request cannot be answered.</exception>
    public async Task<ChatAnswer> AnswerAsync(JsonElement body, bool isBatch, CancellationToken cancellationToken)
    {
        var named = body.RequiredText("model");
        var served = serving.Find(named);
        var order = _reader.Read(body, served.Model, named);
        var model = await models.OpenAsync(served.Model, cancellationToken);
        var answers = new List<(string Text, string Reason)>();
        for (var i = 0; i < order.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answer = model.Complete(order.Messages, order.Temperature, order.TopP, order.MaxTokens, unchecked((ulong)(order.Seed + i)));
            answers.Add(Cut(answer, order.Stop));
        }

        var prompt = order.Messages.Sum(message => models.Host.CountTokens(message.Content));
        var completion = answers.Sum(answer => models.Host.CountTokens(answer.Text));
        var price = served.IsDedicated ? 0 : prices.Chat(models.Describe(served.Model), prompt, completion, isBatch);
        return new ChatAnswer(order, answers, "sandbox-" + order.Identity[..24], time.GetUtcNow().ToUnixTimeSeconds(), prompt, completion, price);
    }

    private static (string Text, string Reason) Cut(ModelAnswer answer, IReadOnlyList<string> stop)
    {
        var end = stop.Select(word => answer.Text.IndexOf(word, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        return end >= 0 ? (answer.Text[..end], "stop") : (answer.Text, answer.WasCut ? "length" : "stop");
    }
}
