using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>Registers services for a host, kept apart from the program's entry point.</summary>
public interface IFrostingStartup
{
    void Configure(IServiceCollection services);
}
