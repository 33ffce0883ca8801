namespace Cfx.Sandbox.Prices;

/// <summary>A machine that a model can be served on.</summary>
/// <param name="Id">As requests name it.</param>
/// <param name="GpuType">The kind of its processors.</param>
/// <param name="GpuCount">How many it has.</param>
/// <param name="GpuMemory">Gigabytes of each.</param>
/// <param name="CentsPerMinute">What a running replica costs in a rehearsal.</param>
/// <param name="IsAvailable">Whether one can be had now.</param>
internal sealed record Hardware(string Id, string GpuType, int GpuCount, int GpuMemory, decimal CentsPerMinute, bool IsAvailable)
{
    /// <summary>All there are, cheapest first.</summary>
    public static IReadOnlyList<Hardware> All { get; } =
    [
        new("1x_nvidia_l40s_48gb_pcie", "l40s", 1, 48, 3.5m, false),
        new("1x_nvidia_h100_80gb_sxm", "h100", 1, 80, 6.6m, true),
        new("2x_nvidia_h100_80gb_sxm", "h100", 2, 80, 13.2m, true),
    ];

    /// <summary>The machine of this id; null for none.</summary>
    public static Hardware? Find(string id) => All.FirstOrDefault(item => string.Equals(item.Id, id, StringComparison.Ordinal));
}
