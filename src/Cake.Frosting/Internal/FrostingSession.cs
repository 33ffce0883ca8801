using System.Reflection;
using Cake.Core;
using Cake.Core.Packaging;
using Cake.Core.Tooling;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>Tasks, services and engine put together, for a host that wants to run them its own way. A plain host is <see cref="CakeHost"/>.</summary>
public sealed class FrostingSession : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly List<TaskFault> _faults = [];
    private readonly Dictionary<string, IFrostingTask> _instances = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="services">Cake's services (<see cref="FrostingServices.AddCakeCore"/>) and the project's.</param>
    /// <param name="catalog">The tasks.</param>
    public FrostingSession(IServiceCollection services, TaskCatalog catalog)
    {
        Catalog = catalog;
        foreach (var task in catalog.Tasks)
        {
            services.AddSingleton(task.Type);
        }

        _provider = services.BuildServiceProvider();
    }

    public TaskCatalog Catalog { get; }

    public IServiceProvider Services => _provider;

    public ICakeEngine Engine => _provider.GetRequiredService<ICakeEngine>();

    /// <summary>The project's context, or the plain one where it has none.</summary>
    public ICakeContext Context =>
        _provider.GetService<IFrostingContext>() ?? (ICakeContext)new FrostingContext(_provider.GetRequiredService<ICakeContext>());

    /// <summary>Makes every task, and the context; what throws is reported, all of it.</summary>
    public IReadOnlyList<TaskFault> Construct()
    {
        _faults.Clear();
        _faults.AddRange(Catalog.Faults);
        foreach (var task in Catalog.Tasks)
        {
            try
            {
                _instances[task.Name] = (IFrostingTask)_provider.GetRequiredService(task.Type);
            }
            catch (Exception e)
            {
                var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
                _faults.Add(new TaskFault(task.Name, $"Task '{task.Name}' cannot be constructed: {cause.Message}", cause));
            }
        }

        try
        {
            _ = Context;
        }
        catch (Exception e)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            _faults.Add(new TaskFault("context", $"The context cannot be constructed: {cause.Message}", cause));
        }

        // A task that asks for a context which cannot be made says the same thing again.
        var told = _faults.DistinctBy(f => f.Message, StringComparer.Ordinal).ToList();
        _faults.Clear();
        _faults.AddRange(told);
        return _faults;
    }

    /// <summary>The instance of a task that <see cref="Construct"/> made.</summary>
    public IFrostingTask Instance(string name) => _instances[name];

    /// <summary>Sets the working folder and installs tools, then gives the engine every task and the setups and teardowns.</summary>
    /// <exception cref="FrostingException">A task cannot be used; the message lists all of them.</exception>
    public void Register(FrostingRegistration? registration = null)
    {
        if (_instances.Count == 0)
        {
            Construct();
        }

        if (_faults.Count > 0)
        {
            throw new FrostingException(string.Join(Environment.NewLine, _faults.Select(f => f.Message)));
        }

        Prepare();
        var engine = Engine;
        foreach (var task in Catalog.Tasks)
        {
            Register(engine, task, registration ?? new FrostingRegistration());
        }

        var context = new Lazy<ICakeContext>(() => Context);
        foreach (var setup in _provider.GetServices<IFrostingSetup>())
        {
            engine.RegisterSetupAction(info => setup.Setup(context.Value, info));
        }

        foreach (var teardown in _provider.GetServices<IFrostingTeardown>())
        {
            engine.RegisterTeardownAction(info => teardown.Teardown(context.Value, info));
        }

        // The engine takes one action for each of these, so several are bundled.
        var taskSetups = _provider.GetServices<IFrostingTaskSetup>().ToList();
        if (taskSetups.Count > 0)
        {
            engine.RegisterTaskSetupAction(info => taskSetups.ForEach(s => s.Setup(context.Value, info)));
        }

        var taskTeardowns = _provider.GetServices<IFrostingTaskTeardown>().ToList();
        if (taskTeardowns.Count > 0)
        {
            engine.RegisterTaskTeardownAction(info => taskTeardowns.ForEach(t => t.Teardown(context.Value, info)));
        }
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private void Prepare()
    {
        var environment = _provider.GetRequiredService<ICakeEnvironment>();
        if (_provider.GetServices<WorkingDirectory>().LastOrDefault() is { } folder)
        {
            environment.WorkingDirectory = folder.Path.MakeAbsolute(environment);
        }

        foreach (var tool in _provider.GetServices<PackageReference>())
        {
            if (!_provider.GetServices<IPackageInstaller>().Any(i => i.CanInstall(tool, PackageType.Tool)))
            {
                throw new NotSupportedException(
                    $"No package installer here can install the tool {tool.OriginalString}. Add one with UsePackageInstaller or UseModule.");
            }

            _provider.GetRequiredService<IToolInstaller>().Install(tool);
        }
    }

    private void Register(ICakeEngine engine, TaskDescriptor descriptor, FrostingRegistration how)
    {
        var task = _instances[descriptor.Name];
        var name = descriptor.Name;
        var builder = engine.RegisterTask(name);
        if (!string.IsNullOrWhiteSpace(descriptor.Description))
        {
            builder.Description(descriptor.Description);
        }

        var quiet = descriptor.HasCriteria && how.SkipsQuietly(name);
        if (descriptor.HasWork || quiet)
        {
            builder.Does(context =>
            {
                how.Entering?.Invoke(name);
                if (quiet && !task.ShouldRun(context))
                {
                    how.Skipped?.Invoke(name, task.SkippedMessage);
                    return Task.CompletedTask;
                }

                return task.RunAsync(context);
            });
        }

        if (descriptor.HasCriteria && !quiet)
        {
            builder.WithCriteria(
                context =>
                {
                    how.Entering?.Invoke(name);
                    return task.ShouldRun(context);
                },
                task.SkippedMessage);
        }

        if (descriptor.ContinuesOnError)
        {
            builder.ContinueOnError();
        }

        if (descriptor.HandlesErrors)
        {
            builder.OnError((exception, context) => task.OnError(exception, context));
        }

        if (descriptor.HasFinally)
        {
            builder.Finally(context => task.Finally(context));
        }

        foreach (var other in descriptor.DependencyTypes.Select(TaskDescriptor.NameOf).Where(n => !how.LeavesOut(name, n)))
        {
            builder.IsDependentOn(other);
        }

        foreach (var other in descriptor.DependeeTypes.Select(TaskDescriptor.NameOf).Where(n => !how.LeavesOut(n, name)))
        {
            builder.IsDependeeOf(other);
        }
    }
}
