using System.Text.Json;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Serving;

/// <summary>What is served, in memory and in the state folder; starts and stops are entered in the ledger with what they cost.</summary>
internal sealed class ServingStore
{
    private const decimal CentsPerDollar = 100;
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly Ledger _ledger;
    private readonly TimeProvider _time;
    private readonly ServingState _state;

    public ServingStore(StateFolder folder, TimeSpan startTime, Ledger ledger, TimeProvider time)
    {
        _path = Path.Combine(folder.Root, "serving.json");
        _ledger = ledger;
        _time = time;
        StartTime = startTime;
        _state = File.Exists(_path) ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), StateJson.Default.ServingState)! : new ServingState();
    }

    /// <summary>How long a start takes.</summary>
    public TimeSpan StartTime { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    public ServingPhase Phase(ServingLife life) => life.At(_time.GetUtcNow(), StartTime);

    /// <summary>Looks at what is served now.</summary>
    public T Read<T>(Func<ServingState, T> read)
    {
        lock (_gate)
        {
            if (StopIdle())
            {
                Store();
            }

            return read(_state);
        }
    }

    /// <summary>Changes what is served and stores it. What throws changes nothing that is stored.</summary>
    public T Change<T>(Func<ServingState, DateTimeOffset, T> change)
    {
        lock (_gate)
        {
            StopIdle();
            var result = change(_state, _time.GetUtcNow());
            Store();
            return result;
        }
    }

    /// <summary>Starts a model that is not running; within a change.</summary>
    public void Start(ServingLife life, string route, string path, string model)
    {
        if (!life.IsRunning)
        {
            (life.StartedAt, life.StoppedAt, life.LastUsedAt) = (_time.GetUtcNow(), null, null);
            Enter(life, "serving-started", route, path, model, null);
        }
    }

    /// <summary>Stops a running model and bills it; within a change.</summary>
    public void Stop(ServingLife life, string route, string path, string model, DateTimeOffset? at = null)
    {
        if (life.IsRunning)
        {
            life.StoppedAt = at ?? _time.GetUtcNow();
            Enter(life, "serving-stopped", route, path, model, life.Minutes(StartTime));
        }
    }

    public static string PathOf(EndpointRecord endpoint) => "/endpoints/" + endpoint.Id;

    public static string PathOf(DeploymentRecord deployment) =>
        $"/projects/{ServingDesk.Project}/endpoints/{deployment.EndpointId}/deployments/{deployment.Id}";

    private bool StopIdle()
    {
        var now = _time.GetUtcNow();
        var stopped = false;
        foreach (var endpoint in _state.Endpoints.Where(item => item.Life.IdleEnd(StartTime) <= now))
        {
            Stop(endpoint.Life, ServingRoutes.Template, PathOf(endpoint), endpoint.Model, endpoint.Life.IdleEnd(StartTime));
            stopped = true;
        }

        foreach (var deployment in _state.Deployments.Where(item => item.Life.IdleEnd(StartTime) <= now))
        {
            Stop(deployment.Life, DeploymentRoutes.Template, PathOf(deployment), deployment.Model, deployment.Life.IdleEnd(StartTime));
            stopped = true;
        }

        return stopped;
    }

    private void Enter(ServingLife life, string what, string route, string path, string model, double? minutes) =>
        _ledger.Append(new LedgerEntry(_time.GetUtcNow(), -1, "EVENT", route, 0, model, null, 0, 0, null)
        {
            Path = path,
            Delivered = true,
            Event = what,
            Minutes = minutes,
            BilledUsd = decimal.Round((decimal)(minutes ?? 0) * life.CentsPerMinute / CentsPerDollar, 9),
        });

    private void Store() => StateFolder.Write(_path, stream => JsonSerializer.Serialize(stream, _state, StateJson.Default.ServingState));
}
