using Cfx.Core;
using Cfx.Core.Tests;
using Cfx.Together.Serving;
using FsCheck;
using FsCheck.Fluent;

namespace Cfx.Together.Tests.Serving;

[TestFixture]
public sealed class ServingNamesTests
{
    [Test]
    public void Every_name_has_our_form_whatever_it_is_made_of() => Prop.ForAll<NonNull<string>, NonNull<string>>((study, model) =>
    {
        var name = ServingNames.Of(study.Get, model.Get, "s");
        return ServingNames.IsOurs(name) && ServingNames.IsOfStudy(name, study.Get) && name == ServingNames.Of(study.Get, model.Get, "s");
    }).QuickCheckThrowOnFailure();

    [TestCase("cfx-study-0123abcd", true)]
    [TestCase("cfx-study-0123ABCD", false)]
    [TestCase("cfx-0123abcd", true)]
    [TestCase("mine-study-0123abcd", false)]
    [TestCase("cfx-../x-0123abcd", false)]
    [TestCase(null, false)]
    public void Only_our_form_is_ours(string? name, bool isOurs) => Assert.That(ServingNames.IsOurs(name), Is.EqualTo(isOurs));

    [Test]
    public void Study_model_and_server_each_make_another_name()
    {
        string[] names = [ServingNames.Of("a", "m", "s"), ServingNames.Of("b", "m", "s"), ServingNames.Of("a", "n", "s"), ServingNames.Of("a", "m", "t")];
        Assert.That(names, Is.Unique);
        Assert.That(ServingNames.IsOfStudy(names[1], "a"), Is.False);
    }

    [TestCase("https://api.together.ai/v1", "https://api.together.ai/v2", "https://api-inference.together.ai/v1")]
    [TestCase("https://api.together.xyz/v1", "https://api.together.ai/v2", "https://api-inference.together.ai/v1")]
    [TestCase("http://127.0.0.1:81/v1", "http://127.0.0.1:81/v2", "http://127.0.0.1:81/v1")]
    [TestCase("https://proxy.example/together/v1/", "https://proxy.example/together/v2", "https://proxy.example/together/v1/")]
    public void Addresses_follow_from_the_api_s(string api, string deployments, string inference)
    {
        var addresses = ServingAddresses.Of(new Uri(api));
        Assert.That((addresses.Deployments, addresses.Inference), Is.EqualTo((new Uri(deployments), new Uri(inference))));
    }

    [Test]
    public async Task A_record_reads_back_as_it_was_written_and_a_damaged_one_is_not_passed_over()
    {
        using var folder = new TemporaryFolder();
        var records = new ServingRecords(folder.Root);
        var record = new ServingRecord
        {
            Name = ServingNames.Of("study", "m", "s"),
            Server = "s",
            Study = "study",
            Model = "m",
            Way = ServingWay.Deployment,
            State = ServingState.Starting,
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            EndpointId = "ep_1",
            PricePerHour = 5.5m,
            ReservedMinutes = 30,
            EarlierCost = 1,
        };
        await records.WriteAsync(record, CancellationToken.None);
        Assert.That(await records.ListAsync(CancellationToken.None), Is.EqualTo(new[] { record }));
        Assert.That(folder.Json(record.Name + ".json")["way"]!.GetValue<string>(), Is.EqualTo("v2"));
        folder.Write(record.Name + ".json", "{");
        Assert.ThrowsAsync<StageFailedException>(() => records.ListAsync(CancellationToken.None));
    }
}
