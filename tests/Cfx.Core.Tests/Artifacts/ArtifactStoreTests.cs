using Cfx.Core.Artifacts;

namespace Cfx.Core.Tests.Artifacts;

public class ArtifactStoreTests
{
    private static readonly HashSet<string> Nothing = [];
    private TemporaryFolder _folder = null!;
    private SkippingTime _time = null!;
    private StageRecipe _recipe = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _time = new SkippingTime();
        _folder.Write("items.jsonl", Record("c1", "How do I prove dough?") + Record("c2", "And how long?"));
        _folder.Write("prompt.txt", "Be kind.\nAnswer only.\n");
        _recipe = new StageRecipe(
            "Process", 1, "sandbox", Paid: false, new Dictionary<string, string> { ["process.model"] = "m1" },
            [new StageInput("items.jsonl", InputKind.Records, "Split"), new StageInput("prompt.txt", InputKind.Text)],
            ["out.jsonl", "out.rejected.jsonl"])
        { Sandbox = true };
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private static string Record(string id, string text) =>
        $$"""{"item_id":"{{id}}","conversation_context":[{"role":"user","content":"{{text}}"}]}""" + "\n";

    // Each call is a run of its own, with a store that remembers nothing.
    private Task<StageInspection> InspectAsync(StageRecipe? recipe = null, IReadOnlySet<string>? willRun = null, bool force = false) =>
        new ArtifactStore(_folder.Root, "1.0", _time).InspectAsync(recipe ?? _recipe, willRun ?? Nothing, force, default);

    private async Task MakeAsync(StageRecipe? recipe = null)
    {
        var store = new ArtifactStore(_folder.Root, "1.0", _time);
        var started = _time.GetTimestamp();
        var inspection = await store.InspectAsync(recipe ?? _recipe, Nothing, force: false, default);
        _folder.Write("out.jsonl", "made\n");
        _folder.Write("out.rejected.jsonl", string.Empty);
        _time.Advance(TimeSpan.FromSeconds(2));
        await store.CommitAsync(recipe ?? _recipe, inspection, started, StageCost.None, default);
    }

    [Test]
    public async Task What_was_never_made_has_to_run()
    {
        var inspection = await InspectAsync();
        Assert.That(inspection.UpToDate, Is.False);
        Assert.That(inspection.Reasons, Is.EqualTo(new[] { "not made yet" }));
    }

    [Test]
    public async Task The_manifest_tells_the_split_of_then_and_a_manifest_without_it_stays_up_to_date()
    {
        await MakeAsync();
        Assert.That(_folder.Json("out.jsonl.manifest.json").ContainsKey("split_hash"), Is.False);

        _folder.Write("split.json", """{"seed":1,"hash":"abc123"}""");
        var ofStudy = _recipe with { SplitPath = _folder["split.json"] };
        Assert.That((await InspectAsync(ofStudy)).UpToDate, Is.True, "made before manifests told it");

        await MakeAsync(ofStudy);
        _folder.Write("split.json", """{"seed":1,"hash":"def456"}""");
        Assert.That((string)_folder.Json("out.jsonl.manifest.json")["split_hash"]!, Is.EqualTo("abc123"));
        Assert.That((await InspectAsync(ofStudy)).UpToDate, Is.True, "what depends on the split reads its files");
        Assert.That((await Manifest.TryReadAsync(_folder["out.jsonl"], CancellationToken.None))!.SplitHash, Is.EqualTo("abc123"));
    }

    [Test]
    public async Task What_was_made_is_up_to_date_and_says_since_when()
    {
        await MakeAsync();
        var inspection = await InspectAsync();
        Assert.That(inspection.UpToDate, Is.True);
        Assert.That(inspection.Reasons.Single(), Is.EqualTo("nothing it depends on has changed since 2026-01-02 03:04:07 UTC"));
    }

    [Test]
    public async Task Times_of_files_do_not_matter()
    {
        await MakeAsync();
        foreach (var file in Directory.GetFiles(_folder.Root))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        Assert.That((await InspectAsync()).UpToDate, Is.True);
    }

    [Test]
    public async Task A_parameter_is_explained_by_its_old_and_new_value()
    {
        await MakeAsync();
        var inspection = await InspectAsync(_recipe with { Parameters = new Dictionary<string, string> { ["process.model"] = "m2" } });
        Assert.That(inspection.Reasons, Is.EqualTo(new[] { "process.model m1 → m2" }));
    }

    [Test]
    public async Task A_record_is_explained_by_id_field_and_values()
    {
        await MakeAsync();
        _folder.Write("items.jsonl", Record("c1", "How do I prove dough?") + Record("c2", "And for how long?"));
        Assert.That((await InspectAsync()).Reasons, Is.EqualTo(new[]
        {
            "items.jsonl: record c2: conversation_context[0].content 'And how long?' → 'And for how long?'",
        }));
    }

    [Test]
    public async Task New_and_gone_records_are_named()
    {
        await MakeAsync();
        _folder.Write("items.jsonl", Record("c1", "How do I prove dough?") + Record("c3", "New"));
        Assert.That((await InspectAsync()).Reasons, Is.EqualTo(new[] { "items.jsonl: record c3 is new", "items.jsonl: record c2 is gone" }));
    }

    [Test]
    public async Task A_long_list_of_changed_records_is_cut_with_the_counts()
    {
        await MakeAsync();
        _folder.Write("items.jsonl", string.Concat(Enumerable.Range(0, 20).Select(i => Record($"n{i}", "x"))));
        Assert.That((await InspectAsync()).Reasons[^1], Is.EqualTo("items.jsonl: and 17 more records (in all 0 changed, 20 new, 2 gone)"));
    }

    [Test]
    public async Task A_text_is_explained_by_its_first_line_that_differs()
    {
        await MakeAsync();
        _folder.Write("prompt.txt", "Be kind.\nAnswer only, please.\n");
        Assert.That((await InspectAsync()).Reasons.Single(), Does.EndWith("line 2 'Answer only.' → 'Answer only, please.'"));
    }

    [Test]
    public async Task Outputs_that_are_missing_or_were_edited_make_it_run()
    {
        await MakeAsync();
        _folder.Write("out.jsonl", "edited\n");
        File.Delete(_folder["out.rejected.jsonl"]);
        var reasons = (await InspectAsync()).Reasons;
        Assert.That(reasons[0], Does.StartWith("output out.jsonl was changed after it was made"));
        Assert.That(reasons[1], Is.EqualTo("output out.rejected.jsonl is missing"));
    }

    [Test]
    public async Task A_manifest_that_cannot_be_read_counts_as_none()
    {
        await MakeAsync();
        _folder.Write("out.jsonl.manifest.json", "{\"manifest_version\": 1, \"stage\"");
        Assert.That((await InspectAsync()).Reasons, Is.EqualTo(new[] { "out.jsonl has no manifest" }));
    }

    [Test]
    public async Task A_new_version_of_the_program_makes_a_free_stage_run()
    {
        await MakeAsync();
        Assert.That((await InspectAsync(_recipe with { Version = 2 })).Reasons, Is.EqualTo(new[] { "recipe 1 → 2" }));
    }

    [Test]
    public async Task A_new_version_of_the_program_alone_never_makes_a_paid_stage_run()
    {
        var paid = _recipe with { Paid = true, Provider = "together" };
        await MakeAsync(paid);
        var inspection = await InspectAsync(paid with { Version = 2 });
        Assert.That(inspection.UpToDate, Is.True);
        Assert.That(inspection.Reasons.Single(), Does.Contain("recipe 1 → 2").And.Contain("--force"));
        Assert.That((await InspectAsync(paid with { Version = 2 }, force: true)).UpToDate, Is.False);
    }

    [Test]
    public async Task A_stage_whose_input_is_about_to_be_made_anew_would_run()
    {
        await MakeAsync();
        var inspection = await InspectAsync(willRun: new HashSet<string> { "Split", "Filter" });
        Assert.That(inspection.Reasons, Is.EqualTo(new[] { "Split runs before it" }));
    }

    [Test]
    public async Task A_file_that_came_or_went_is_told_by_its_name_and_the_others_are_not()
    {
        StageInput audit = new("audit.json", InputKind.File), people = new("people.json", InputKind.File);
        _folder.Write("audit.json", "a");
        _folder.Write("people.json", "p");
        await MakeAsync(_recipe with { Inputs = [.. _recipe.Inputs, people] });

        Assert.That((await InspectAsync(_recipe with { Inputs = [.. _recipe.Inputs, audit, people] })).Reasons, Is.EqualTo(new[] { "input audit.json is new" }));
        Assert.That((await InspectAsync()).Reasons, Is.EqualTo(new[] { "input people.json is no longer used" }));
    }

    [Test]
    public async Task A_file_that_is_read_where_it_is_there_changes_nothing_until_it_is_made()
    {
        await MakeAsync();
        var recipe = _recipe with { Absent = [new StageInput("audit.json", InputKind.File, "Audit")] };

        Assert.That((await InspectAsync(recipe)).UpToDate, Is.True);
        Assert.That((await InspectAsync(recipe, willRun: new HashSet<string> { "Audit" })).Reasons, Is.EqualTo(new[] { "Audit runs before it" }));
    }

    [Test]
    public async Task Inputs_count_as_they_were_before_the_run()
    {
        var store = new ArtifactStore(_folder.Root, "1.0", _time);
        var inspection = await store.InspectAsync(_recipe, Nothing, force: false, default);
        _folder.Write("out.jsonl", "made\n");
        _folder.Write("out.rejected.jsonl", string.Empty);
        _folder.Write("prompt.txt", "Edited while the stage ran.\n");
        await store.CommitAsync(_recipe, inspection, _time.GetTimestamp(), StageCost.None, default);

        Assert.That((await InspectAsync()).UpToDate, Is.False);
    }

    [Test]
    public async Task Another_provider_is_another_artifact()
    {
        await MakeAsync();
        Assert.That((await InspectAsync(_recipe with { Provider = "together" })).Reasons, Is.EqualTo(new[] { "provider sandbox → together" }));
    }

    [Test]
    public async Task A_missing_output_after_a_run_is_the_programs_fault()
    {
        var store = new ArtifactStore(_folder.Root, "1.0", _time);
        var inspection = await store.InspectAsync(_recipe, Nothing, force: false, default);
        Assert.That(
            async () => await store.CommitAsync(_recipe, inspection, _time.GetTimestamp(), StageCost.None, default),
            Throws.InstanceOf<StageFailedException>().With.Message.Contains("out.jsonl"));
    }

    [Test]
    public async Task The_manifest_says_how_it_was_made()
    {
        await MakeAsync();
        var manifest = await Manifest.TryReadAsync(_folder["out.jsonl"], default);
        Assert.That(manifest!.IsSandbox, Is.True);
        Assert.That(manifest.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(manifest.Inputs.Select(i => i.Path), Is.EqualTo(new[] { "items.jsonl", "prompt.txt" }));
        Assert.That(manifest.Fingerprint, Is.EqualTo((await InspectAsync()).Fingerprint));
    }

    [Test]
    [SetCulture("th-TH")]
    public async Task Dates_are_of_one_calendar_whatever_the_culture()
    {
        await MakeAsync();
        Assert.That((await InspectAsync()).Reasons.Single(), Does.Contain("2026-01-02 03:04:07"));
    }

    [Test]
    public async Task Half_a_surrogate_pair_in_an_input_does_not_lose_a_finished_stage()
    {
        _folder.Write("items.jsonl", Record("c1", "broken \\ud83d here"));
        await MakeAsync();
        Assert.That((await InspectAsync()).UpToDate, Is.True);
    }

    [TestCase(null)]
    [TestCase("{broken\n")]
    [TestCase("{\"input\":\"items.jsonl\",\"record\":7,\"fields\":[]}\n")]
    public async Task Without_a_usable_index_a_changed_input_is_told_by_its_hashes_alone(string? index)
    {
        await MakeAsync();
        _folder.Write("items.jsonl", Record("c1", "How do I prove dough?") + Record("c2", "And for how long?"));
        File.Delete(_folder["out.jsonl.records.jsonl"]);
        if (index is not null)
        {
            _folder.Write("out.jsonl.records.jsonl", index);
        }

        Assert.That((await InspectAsync()).Reasons.Single(), Does.Match("^items\\.jsonl [0-9a-f]{8} → [0-9a-f]{8}$"));
    }

    [Test]
    public async Task The_same_records_in_another_order_are_told_as_such()
    {
        await MakeAsync();
        _folder.Write("items.jsonl", Record("c2", "And how long?") + Record("c1", "How do I prove dough?"));
        Assert.That((await InspectAsync()).Reasons.Single(), Does.EndWith("(same records, other form or order)"));
    }
}
