using Cfx.Core.Conversations;
using Cfx.Core.Generation;
using Cfx.Together.Serving;

namespace Cfx.Together.Tests.Serving;

/// <summary>A provider, a folder of records, and model servings as a run makes them.</summary>
public abstract class ServingFixture : ClientFixture
{
    private readonly List<IDisposable> _clients = [];

    internal FakeProvider Provider { get; private set; } = null!;

    internal ServingRecords Records { get; private set; } = null!;

    internal RecordingBudget Budget { get; set; } = null!;

    internal string[] Contestants { get; set; } = ["org/base", "me/tuned"];

    internal ServingOptions Settings => new("together server/v1", "study")
    {
        StopLimit = TimeSpan.FromMinutes(10),

        // Long enough for what is used to cost whole cents.
        FirstPoll = TimeSpan.FromSeconds(10),
        Contestants = _ => Task.FromResult<IReadOnlyList<string>>(Contestants),
    };

    [SetUp]
    public void BeginServing()
    {
        Provider = new FakeProvider(Server);
        Records = new ServingRecords(Folder["serving"]);
        Budget = new RecordingBudget();
        Contestants = ["org/base", "me/tuned"];
    }

    [TearDown]
    public void EndServing()
    {
        _clients.ForEach(c => c.Dispose());
        _clients.Clear();
    }

    internal ModelServing Run(ServingOptions? options = null, IServingRecords? records = null, TogetherOptions? connection = null)
    {
        var client = new ServingClient(connection ?? Options with { Attempts = 2 }, ServingAddresses.Of(Server.BaseUrl), Time, Logger);
        _clients.Add(client);
        return new ModelServing(options ?? Settings, client, Client.Chat, records ?? Records, Budget, Time, Logger);
    }

    /// <summary>By which way contestants were asked, one entry a call.</summary>
    internal System.Collections.Concurrent.ConcurrentBag<(string Model, ServingWay Way)> Found { get; } = [];

    internal ServedChatModel Asked(ModelServing serving, IChatModel? endpoints = null) =>
        new(Client.Chat, endpoints ?? Client.Chat, Client.Chat, serving, (model, _) => Task.FromResult(Contestants.Contains(model)), (model, way) => Found.Add((model, way)));

    internal static async Task<string> AskAsync(IChatModel chat, string model) => (await chat.CompleteAsync(
        new ChatRequest(model, [new Message(Roles.User, "hello")], 0, 1, 10, null), CancellationToken.None)).Content;

    internal static string Name(string model) => ServingNames.Of("study", model, "together server/v1");
}
