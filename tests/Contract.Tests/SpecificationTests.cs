using System.Reflection;
using System.Text.Json.Nodes;
using Cfx.Contract.Tests.Schema;
using Cfx.Together.Wire;
using RestEase;

namespace Cfx.Contract.Tests;

/// <summary>Holds what the client sends and the sandbox answers against the provider's own specification.</summary>
[TestFixture]
public sealed class SpecificationTests : RecordedFixture
{
    /// <summary>Fields of answers that go beyond specification and supplement, each of which some client in use reads.</summary>
    private static readonly string[] KnownAdditions =
    [
        // What the second version of the API calls a job's model.
        "GET /fine-tunes, 200: $.data[].model_object_id",
        "POST /fine-tunes, 200: $.model_object_id",
        "POST /fine-tunes/{id}/cancel, 200: $.model_object_id",
        "GET /fine-tunes/{id}, 200: $.model_object_id",

        // The retrieved job repeats the fields of the short form.
        "GET /fine-tunes/{id}, 200: $.owner_address",
        "GET /fine-tunes/{id}, 200: $.random_seed",
        "GET /fine-tunes/{id}, 200: $.suffix",
        "GET /fine-tunes/{id}, 200: $.user_id",

        // Who asks.
        "GET /whoami, 200: $.content_version",
        "GET /whoami, 200: $.organization",
        "GET /whoami, 200: $.user_id",
    ];

    /// <summary>What the specification has and neither the client nor the sandbox does yet.</summary>
    private static readonly string[] NotCovered =
    [
        "POST /evaluation",
        "GET /evaluation",
        "GET /evaluation/{id}",
        "GET /evaluation/{id}/status",
    ];

    private Specification _specification = null!;
    private MessageReader _reader = null!;
    private IReadOnlyList<WireMessage> _messages = [];

    [OneTimeSetUp]
    public async Task ReadAsync()
    {
        if (Specification.Find() is not { } path)
        {
            Assert.Ignore("The specification is not here: shared/together/openapi.yaml beside the project's root. Its contract tests are skipped.");
            return;
        }

        _specification = Specification.Load(path);
        _reader = new MessageReader(_specification);
        _messages = await _reader.ReadAsync(Exchanges);
    }

    [Test]
    public void Every_message_fits_the_specification()
    {
        var faults = _reader.Faults.Concat(
            from message in _messages
            from fault in _specification.Validator.Validate(message.Value, message.Schema)
            select $"{message.Operation}, {message.Part}: {fault}");
        Assert.That(_messages, Is.Not.Empty);
        Assert.That(faults.Distinct(StringComparer.Ordinal), Is.Empty);
    }

    [Test]
    public void A_message_without_any_one_of_its_required_fields_is_found_invalid()
    {
        var walk = new SchemaWalk(_specification.Validator);
        var unnoticed = new HashSet<string>(StringComparer.Ordinal);
        var (taken, messages) = (0, 0);
        foreach (var message in _messages)
        {
            var required = walk.Required(message.Value, message.Schema);
            messages += required.Count > 0 ? 1 : 0;
            foreach (var (at, parent, name) in required)
            {
                parent.Remove(name, out var field);
                if (_specification.Validator.IsValid(message.Value, message.Schema))
                {
                    unnoticed.Add($"{message.Operation}, {message.Part}: {at}");
                }

                parent.Add(name, field);
                taken++;
            }
        }

        TestContext.Out.WriteLine($"{taken} required fields taken out of {messages} messages, one at a time");
        Assert.That(taken, Is.GreaterThan(messages));
        Assert.That(unnoticed, Is.Empty);
    }

    [Test]
    public void The_client_sends_no_deprecated_field()
    {
        var walk = new SchemaWalk(_specification.Validator);
        Assert.That(
            Sent().SelectMany(message => walk.Deprecated(message.Value, message.Schema).Select(at => $"{message.Operation}: {at}")).Distinct(StringComparer.Ordinal),
            Is.Empty);
    }

    [Test]
    public void A_deprecated_field_would_be_noticed()
    {
        var walk = new SchemaWalk(_specification.Validator);
        var job = _specification.Match("POST", "/fine-tunes")!.RequestSchema("application/json")!;
        var body = JsonNode.Parse("""{"training_file":"f","model":"m","train_on_inputs":"auto"}""");
        var chat = _specification.Match("POST", "/chat/completions")!.RequestSchema("application/json")!;
        var question = JsonNode.Parse("""{"model":"m","messages":[{"role":"function","name":"f","content":"c"}]}""");
        var deletion = _specification.Match("DELETE", "/fine-tunes/ft-1")!.QuerySchema();
        Assert.Multiple(() =>
        {
            Assert.That(walk.Deprecated(body, job), Is.EqualTo(new[] { "$.train_on_inputs" }));
            Assert.That(walk.Deprecated(question, chat), Is.EqualTo(new[] { "$.messages[0]" }));
            Assert.That(walk.Deprecated(JsonNode.Parse("""{"force":true}"""), deletion), Is.EqualTo(new[] { "$.force" }));
        });
    }

    [Test]
    public void The_client_sends_no_field_that_the_specification_does_not_name()
    {
        var walk = new SchemaWalk(_specification.Validator);
        Assert.That(
            Sent().SelectMany(message => walk.Unnamed(message.Value, message.Schema).Select(at => $"{message.Operation}: {at}")).Distinct(StringComparer.Ordinal),
            Is.Empty);
    }

    [Test]
    public void The_sandbox_answers_with_no_unknown_field_but_the_known_additions()
    {
        var walk = new SchemaWalk(_specification.Validator);
        var unnamed = _messages.Except(Sent())
            .SelectMany(message => walk.Unnamed(message.Value, message.Schema).Select(at => $"{message.Operation}, {message.Part}: {at}"));
        Assert.That(unnamed.Distinct(StringComparer.Ordinal), Is.EquivalentTo(KnownAdditions));
    }

    [Test]
    public void Every_contradiction_of_the_specification_is_still_there_and_listed()
    {
        foreach (var reading in Readings.All)
        {
            TestContext.Out.WriteLine($"- {reading}");
        }

        Assert.That(_specification.UnneededReadings, Is.Empty);
    }

    [Test]
    public void Every_operation_of_the_client_was_recorded()
    {
        var declared = typeof(ITogetherApi).GetMethods()
            .Select(method => method.GetCustomAttribute<RequestAttribute>())
            .OfType<RequestAttribute>()
            .Select(request => $"{request.Method} /{request.Path}")
            .ToList();
        var recorded = FromClient.Where(exchange => exchange.IsVersioned)
            .Select(exchange => _specification.Match(exchange.Method, exchange.Path)?.Name).ToHashSet(StringComparer.Ordinal);
        Assert.That(declared, Is.Not.Empty);
        Assert.That(declared.Except(recorded, StringComparer.Ordinal), Is.Empty);
    }

    [Test]
    public void The_operations_covered_are_listed()
    {
        var client = _messages.Where(message => message.Part is "query").Select(message => message.Operation).ToHashSet(StringComparer.Ordinal);
        var answered = Exchanges.Where(exchange => exchange is { IsVersioned: true, Status: < 400 })
            .Select(exchange => _specification.Match(exchange.Method, exchange.Path)?.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var operation in _specification.Operations.Where(operation => answered.Contains(operation.Name)))
        {
            var statuses = Exchanges.Where(exchange => exchange.IsVersioned && _specification.Match(exchange.Method, exchange.Path) == operation)
                .Select(exchange => exchange.Status).Distinct().Order();
            TestContext.Out.WriteLine(
                $"covered: {operation.Name} ({(client.Contains(operation.Name) ? "client and sandbox" : "sandbox")}; {string.Join(' ', statuses)})"
                + (operation.IsSpecified ? "" : " [supplement]"));
        }

        var uncovered = _specification.Operations.Select(operation => operation.Name).Where(name => !answered.Contains(name)).ToList();
        uncovered.ForEach(name => TestContext.Out.WriteLine($"not covered: {name}"));
        Assert.That(uncovered, Is.EquivalentTo(NotCovered));
    }

    [Test]
    public void What_is_not_covered_is_not_served_either()
    {
        var unserved = Exchanges.Where(exchange => exchange.IsUnserved)
            .Select(exchange => _specification.Match(exchange.Method, exchange.Path)?.Name);
        Assert.That(NotCovered.Except(unserved, StringComparer.Ordinal), Is.Empty);
    }

    private IEnumerable<WireMessage> Sent() => _messages.Where(message => message.Part is "query" or "request");
}
