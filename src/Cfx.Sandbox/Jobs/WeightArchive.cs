using System.Formats.Tar;
using System.Text.Json.Nodes;
using Cfx.Sandbox.Hosting;
using Cfx.Sandbox.Http;
using Cfx.Sandbox.State;

namespace Cfx.Sandbox.Jobs;

/// <summary>A tuned model as a file to take away: a tar with the job's description and the parameters.</summary>
internal static class WeightArchive
{
    public const string Ending = ".tar";

    /// <summary>Makes the archive beside the model and says where; the same model gives the same bytes.</summary>
    public static string Write(TunedModel model, JsonObject job)
    {
        var path = model.Path + Ending;
        StateFolder.Write(path, stream =>
        {
            using var archive = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
            using var description = new MemoryStream(Wire.Bytes(job));
            using var parameters = File.OpenRead(model.Path);
            archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "job.json") { ModificationTime = model.CreatedAt, DataStream = description });
            archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "sandbox.model") { ModificationTime = model.CreatedAt, DataStream = parameters });
        });
        return path;
    }
}
