using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cfx.Build.Options;
using Cfx.Core;
using Cfx.Core.Artifacts;
using Cfx.Core.Generation;
using Cfx.Together;
using Cfx.Together.Serving;
using Cfx.Together.Store;
using Microsoft.Extensions.Logging;

namespace Cfx.Build.Composition.Providers;

/// <summary>Serves the contestants of this run, and stops them with it. On the sandbox and on OpenAI-compatible servers models answer by name, and
/// nothing happens here.</summary>
/// <param name="options">The run's options.</param>
/// <param name="root">The project's folder.</param>
/// <param name="role">Who serves the models that meet.</param>
/// <param name="limits">Of the calls to them.</param>
/// <param name="connect">Reaches that server; called when first needed.</param>
/// <param name="time">Counts minutes.</param>
/// <param name="logging">Told of each step.</param>
internal sealed class ServingSession(
    OptionValues options, string root, ProviderRole role, CallLimits limits, Func<CancellationToken, Task<ProviderServer>> connect, TimeProvider time,
    ILoggerFactory logging) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private readonly List<IDisposable> _clients = [];
    private ModelServing? _serving;
    private IChatModel? _endpoints;
    private IChatModel? _deployments;

    /// <summary>Opens what all minutes of serving are charged to; gives null where nothing costs money.</summary>
    public Func<StudyBudget?> Budget { get; init; } = static () => null;

    /// <summary>Asks the provider for its prices, before they are looked at.</summary>
    public Func<CancellationToken, Task> LearnPricesAsync { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Whether this run makes artifacts and holds the project's lock, so that what an earlier run left running is stopped at the end.</summary>
    public bool MayStopLeftovers { get; set; }

    /// <summary>Whether the provider may have to be told to serve a model.</summary>
    public bool IsActive { get; } = role.Provider == ProviderRole.Together;

    private string Study => options.Text("study", "name");

    private ServingRecords Records { get; } = new(Folder(root));

    /// <summary>Where leases are kept.</summary>
    /// <param name="root">The project's folder.</param>
    public static string Folder(string root) => Path.Combine(root, ".cfx", "serving");

    /// <summary>Puts the serving of contestants above a role's chat models, which ask them by name; other roles' stay as they are.</summary>
    /// <param name="asked">Whose models.</param>
    /// <param name="direct">Asks them by name.</param>
    /// <param name="meter">Charged by the token for what is asked by name, and by nothing for what is paid by the minute.</param>
    /// <param name="cancellationToken">Gives up reaching the provider.</param>
    public async Task<IChatModel> WrapAsync(ProviderRole asked, IChatModel direct, StudyMeter? meter, CancellationToken cancellationToken)
    {
        if (!IsActive || asked != role)
        {
            return direct;
        }

        var serving = await OpenAsync(cancellationToken);
        var contestants = Contestants().ToHashSet(StringComparer.Ordinal);
        var told = new ConcurrentDictionary<string, ServingWay>(StringComparer.Ordinal);
        return new ServedChatModel(direct, _endpoints!, _deployments!, serving, (model, _) => Task.FromResult(contestants.Contains(model)), Found);

        // Said before each call, and the way never changes within a run. Nobody may go on before the meter knows.
        void Found(string model, ServingWay way) => told.GetOrAdd(model, Tell, way);

        ServingWay Tell(string model, ServingWay way)
        {
            if (way is not ServingWay.ByName)
            {
                meter?.PaidByTheMinute(model);
            }
            else if (BaseOf(model) is { } untuned)
            {
                meter?.PricedAs(model, untuned);
            }

            return way;
        }
    }

    /// <summary>A model's identity in the response store: with the way in which it is served, where it is a contestant that is not asked by name.</summary>
    /// <param name="asked">Who is asked.</param>
    /// <param name="model">The model.</param>
    /// <param name="identity">The model's own identity.</param>
    /// <param name="mayAsk">Whether the way may be found by asking; else one that is not known is taken to be by name.</param>
    /// <param name="cancellationToken">Gives up asking the provider.</param>
    /// <exception cref="StageFailedException">There is no way that serves all that meet.</exception>
    public async Task<string?> IdentityAsync(ProviderRole asked, string model, string? identity, bool mayAsk, CancellationToken cancellationToken)
    {
        if (!IsActive || asked != role || !Contestants().Contains(model))
        {
            return identity;
        }

        var serving = await OpenAsync(cancellationToken);
        var way = mayAsk ? await serving.WayAsync(model, cancellationToken) : await serving.DecidedAsync(cancellationToken) ?? ServingWay.ByName;
        return ServedIdentity.Of(identity, way);
    }

    /// <summary>Whether a file of calls may name a model: not where all that meet are deployed, the untuned ones included.</summary>
    /// <param name="asked">Who would be asked.</param>
    /// <param name="model">The model.</param>
    /// <param name="isTuned">Whether it was tuned.</param>
    /// <param name="cancellationToken">Gives up asking the provider.</param>
    public async Task<bool> MayBatchAsync(ProviderRole asked, string model, bool isTuned, CancellationToken cancellationToken)
    {
        if (asked.IsSandbox)
        {
            return true;
        }

        return IsActive && asked == role && Contestants().Contains(model)
            ? await (await OpenAsync(cancellationToken)).WayAsync(model, cancellationToken) is ServingWay.ByName
            : !isTuned;
    }

    /// <summary>The model whose price by the token holds for another: a tuned one's base, else itself.</summary>
    public string PricedAs(string model) => BaseOf(model) ?? model;

    /// <summary>Whether a study's models are known to be paid by the minute.</summary>
    public async Task<bool> IsByTheMinuteAsync(CancellationToken cancellationToken) =>
        IsActive && await (await OpenAsync(cancellationToken)).DecidedAsync(cancellationToken) is ServingWay.Deployment or ServingWay.Endpoint;

    /// <summary>Notes in which way an arm's answers were drawn; nothing where all models answer by name.</summary>
    public async Task NoteAsync(string arm, CancellationToken cancellationToken)
    {
        if (IsActive && await (await OpenAsync(cancellationToken)).DecidedAsync(cancellationToken) is { } way)
        {
            await new ServedArms(Folder(root), Study).WriteAsync(arm, way, cancellationToken);
        }
    }

    /// <summary>Stops a model that will not be asked again in this run.</summary>
    public Task ReleaseAsync(string model, CancellationToken cancellationToken) => _serving?.StopAsync(model, cancellationToken) ?? Task.CompletedTask;

    /// <summary>Whether what is trained from these models can be asked afterwards, at a known price.</summary>
    /// <param name="baseModels">What training starts from.</param>
    /// <param name="mayAsk">Whether a model may be asked for one token where its price depends on whether it answers.</param>
    /// <param name="cancellationToken">Gives up asking the provider.</param>
    public async Task<IReadOnlyList<ServingFinding>> CheckAsync(IReadOnlyCollection<string> baseModels, bool mayAsk, CancellationToken cancellationToken)
    {
        if (!IsActive)
        {
            return [];
        }

        var serving = await OpenAsync(cancellationToken);
        await LearnPricesAsync(cancellationToken);
        var tunable = await (await connect(cancellationToken)).Client.Models.FineTunableAsync(cancellationToken);
        return await serving.Preflight.CheckAsync(baseModels, tunable, mayAsk, cancellationToken);
    }

    /// <summary>Refuses to train what could not be asked afterwards.</summary>
    /// <exception cref="StageFailedException">It could not be asked.</exception>
    public async Task RequireServableAsync(string baseModel, CancellationToken cancellationToken)
    {
        if ((await CheckAsync([baseModel], mayAsk: false, cancellationToken)).FirstOrDefault(f => f.Kind is ServingFindingKind.Problem) is { } problem)
        {
            throw new StageFailedException(problem.Text + " Nothing was trained.");
        }
    }

    /// <summary>What is served at the provider.</summary>
    public async Task<ServingInventory> InventoryAsync(CancellationToken cancellationToken) => (await OpenAsync(cancellationToken)).Inventory;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_serving is not null)
            {
                await _serving.DisposeAsync();
            }

            if (MayStopLeftovers && IsActive)
            {
                await StopLeftoversAsync();
            }
        }
        finally
        {
            _clients.ForEach(c => c.Dispose());
            _clients.Clear();
            _serving = null;
        }
    }

    private async Task StopLeftoversAsync()
    {
        var logger = logging.CreateLogger<ModelServing>();
        using var limit = new CancellationTokenSource(new ServingOptions("", "").StopLimit, time);
        try
        {
            if ((await Records.ListAsync(limit.Token)).Any(r => r.State is not ServingState.Stopped && r.Study == Study))
            {
                foreach (var fault in await (await OpenAsync(limit.Token)).Inventory.SweepAsync([], limit.Token))
                {
                    logger.LogError("{Reason}", fault);
                }
            }
        }
        catch (CfxException e)
        {
            logger.LogError("{Reason}", e.Message);
        }
        catch (OperationCanceledException)
        {
            logger.LogError("What an earlier run left running could not be stopped in time: run --target=Serving --stop-all");
        }
    }

    private async Task<ModelServing> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_serving is not null)
            {
                return _serving;
            }

            var connection = await connect(cancellationToken);
            var usual = ServingAddresses.Of(connection.Options.BaseUrl);
            var addresses = usual with
            {
                Deployments = Address("deployments-url") ?? usual.Deployments,
                Inference = Address("inference-url") ?? usual.Inference,
            };
            var budget = Budget();
            var settings = new ServingOptions(connection.Identity, Study)
            {
                Way = options.Text("serving", "way") switch { "name" => ServingWay.ByName, "v2" => ServingWay.Deployment, "v1" => ServingWay.Endpoint, _ => null },
                Deadline = TimeSpan.FromMinutes(options.Number("serving", "deadline")),
                IdleMinutes = (int)options.WholeNumber("serving", "idle-minutes"),
                Hardware = options.TextOrNull("serving", "hardware"),
                Longest = options.NumberOrNull("serving", "max-minutes") is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
                LostReplyWindow = TimeSpan.FromSeconds(options.Number("study", "lost-reply-window")),
                PricePerHour = (model, told) => budget is null ? told : budget.Prices.ServingPerMinute(PricedAs(model), told / 60) * 60,
                HasTokenPrice = model => budget is null || budget.PriceOf(PricedAs(model)) is not null,
                AllowsUnknownPrices = options.Flag("study", "allow-unknown-price"),
                Compared = Compared(),
                Contestants = _ => Task.FromResult(Contestants()),
            };
            var client = new ServingClient(connection.Options, addresses, time, logging.CreateLogger<ServingClient>());
            _clients.Add(client);

            // Calls to hardware of one's own are paid by the minute: they have no price by the token, and so no meter.
            _endpoints = Dedicated(connection.Options with { BaseUrl = addresses.Api });
            _deployments = addresses.Inference == addresses.Api ? _endpoints : Dedicated(connection.Options with { BaseUrl = addresses.Inference });
            var probing = new ProbingChatModel(connection.Client.Chat, budget, PricedAs, time);
            return _serving = new ModelServing(settings, client, probing, Records, budget, time, logging.CreateLogger<ModelServing>());
        }
        finally
        {
            _opening.Release();
        }
    }

    private TogetherChatModel Dedicated(TogetherOptions settings)
    {
        var client = new TogetherClient(settings, time, logging.CreateLogger<TogetherClient>());
        _clients.Add(client);
        return client.ChatWith(limits, null);
    }

    private Uri? Address(string key) => options.TextOrNull("serving", key) is { } text ? new Uri(text) : null;

    // Everything that may meet: the bases and what was trained from them so far, or two models that are compared by name.
    private IReadOnlyList<string> Contestants()
    {
        var compared = Compared();
        if (compared.Count > 0)
        {
            return compared;
        }

        var layout = new StudyLayout(root, Study);
        return
        [
            .. new StudyPlan(options).BaseModels.Values.Concat(options.Arms.Select(a => Tuned(layout, a.Name)).OfType<string>()).Distinct(StringComparer.Ordinal),
        ];
    }

    private IReadOnlyList<string> Compared()
    {
        var layout = new StudyLayout(root, Study);
        return
        [
            .. new[] { options.TextOrNull("evaluate", "model1"), options.TextOrNull("evaluate", "model2") }.OfType<string>()
                .Select(name => name == ArmDefinition.Base ? options.Text("finetune", "model") : Tuned(layout, name) ?? name).Distinct(StringComparer.Ordinal),
        ];
    }

    // By its name a tuned model is charged like the model that it was made from.
    private string? BaseOf(string model)
    {
        var layout = new StudyLayout(root, Study);
        return options.Arms.FirstOrDefault(a => Tuned(layout, a.Name) == model) is { } arm ? options.ForArm(arm).Text("finetune", "model") : null;
    }

    private static string? Tuned(StudyLayout layout, string arm)
    {
        // A model's own name may hold what no file name can.
        var path = OptionDefinition.IsName(arm) ? layout.Model(arm) : null;
        return path is not null && File.Exists(path) ? (string?)JsonNode.Parse(File.ReadAllText(path))?["model"] : null;
    }
}
