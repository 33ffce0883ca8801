using System.Text.Json.Nodes;

namespace Cfx.Contract.Tests.Schema;

/// <summary>The judge is judged first: each word of a schema refuses what it must, and lets pass what it must.</summary>
[TestFixture]
public sealed class SchemaValidatorTests
{
    [TestCase("{type: string}", "\"a\"", "1")]
    [TestCase("{type: integer}", "7", "7.0")]
    [TestCase("{type: integer}", "-7", "7e3")]
    [TestCase("{type: number}", "7.5", "\"7.5\"")]
    [TestCase("{type: boolean}", "false", "0")]
    [TestCase("{type: array}", "[]", "{}")]
    [TestCase("{type: object}", "{}", "[]")]
    [TestCase("{type: string}", "\"\"", "null")]
    [TestCase("{type: object, nullable: true}", "null", "1")]
    [TestCase("{type: string, enum: [a, null]}", "null", "\"b\"")]
    [TestCase("{$ref: '#/components/schemas/Word', nullable: true}", "null", "1")]
    [TestCase("{$ref: '#/components/schemas/Perhaps'}", "null", "1")]
    [TestCase("{allOf: [{nullable: true}, {$ref: '#/components/schemas/Word'}]}", "null", "1")]
    [TestCase("{allOf: [{type: string}, {maxLength: 1}]}", "\"a\"", "\"ab\"")]
    [TestCase("{const: a}", "\"a\"", "\"b\"")]
    [TestCase("{required: [a]}", "{\"a\":null}", "{\"b\":1}")]
    [TestCase("{properties: {a: {type: string}}}", "{\"a\":\"x\",\"b\":1}", "{\"a\":1}")]
    [TestCase("{properties: {a: {}}, additionalProperties: {type: number}}", "{\"a\":\"x\",\"b\":1}", "{\"b\":\"x\"}")]
    [TestCase("{properties: {a: {}}, additionalProperties: false}", "{\"a\":\"x\"}", "{\"b\":\"x\"}")]
    [TestCase("{items: {type: string}}", "[\"a\"]", "[\"a\",1]")]
    [TestCase("{anyOf: [{type: string}, {type: integer}]}", "1", "1.5")]
    [TestCase("{oneOf: [{type: number}, {type: string}]}", "1", "true")]
    [TestCase("{oneOf: [{type: number}, {type: integer}]}", "1.5", "1")]
    [TestCase("{minimum: 1, maximum: 3}", "1", "0.9")]
    [TestCase("{minimum: 1, maximum: 3}", "3", "3.1")]
    [TestCase("{minLength: 1}", "\"a\"", "\"\"")]
    [TestCase("{minItems: 1, maxItems: 1}", "[1]", "[]")]
    [TestCase("{minItems: 1, maxItems: 1}", "[1]", "[1,2]")]
    [TestCase("{pattern: '^a+$'}", "\"aa\"", "\"ab\"")]
    [TestCase("{format: date-time}", "\"2026-01-02T03:04:05.678Z\"", "\"2026-01-02 03:04:05\"")]
    [TestCase("{format: date-time}", "\"2026-01-02T03:04:05+01:00\"", "\"2026-13-02T03:04:05Z\"")]
    [TestCase("{format: uuid}", "\"5c0c20db-62fe-4f41-8ffc-d9e4ea1a264e\"", "\"ft-1\"")]
    [TestCase("{format: int32}", "2147483647", "2147483648")]
    public void A_schema_tells_right_from_wrong(string schema, string right, string wrong)
    {
        var (validator, read) = Read(schema);
        Assert.That(validator.Validate(JsonNode.Parse(right), read), Is.Empty);
        Assert.That(validator.Validate(JsonNode.Parse(wrong), read), Is.Not.Empty);
    }

    [Test]
    public void A_word_that_is_not_known_is_not_passed_over()
    {
        var (validator, schema) = Read("{uniqueItems: true}");
        Assert.That(() => validator.Validate(JsonNode.Parse("[1,1]"), schema), Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void A_fault_says_where_it_is()
    {
        var (validator, schema) = Read("{properties: {a: {items: {required: [b]}}}}");
        Assert.That(validator.Validate(JsonNode.Parse("""{"a":[{"b":1},{}]}"""), schema), Is.EqualTo(new[] { "$.a[1] lacks b" }));
    }

    [Test]
    public void Required_fields_are_found_through_references_lists_and_the_alternative_that_fits()
    {
        var (validator, schema) = Read("{items: {oneOf: [{$ref: '#/components/schemas/Pair'}, {type: string}, {type: object, required: [c]}]}}");
        var found = new SchemaWalk(validator).Required(JsonNode.Parse("""["x",{"a":1,"b":{"a":2,"b":null}},{"c":1}]"""), schema);
        Assert.That(found.Select(field => field.At), Is.EquivalentTo(new[] { "$[1].a", "$[1].b", "$[1].b.a", "$[1].b.b", "$[2].c" }));
    }

    [Test]
    public void Fields_without_a_name_in_the_schema_are_found()
    {
        var (validator, schema) = Read("{properties: {a: {items: {$ref: '#/components/schemas/Pair'}}, open: {additionalProperties: true}}}");
        var found = new SchemaWalk(validator).Unnamed(JsonNode.Parse("""{"a":[{"a":1,"b":null,"c":3}],"open":{"x":1},"d":4}"""), schema);
        Assert.That(found, Is.EquivalentTo(new[] { "$.a[].c", "$.d" }));
    }

    private static (SchemaValidator Validator, JsonNode Schema) Read(string schema)
    {
        var document = YamlText.Read(new StringReader($$"""
            components:
              schemas:
                Word: {type: string}
                Perhaps: {type: string, nullable: true}
                Pair:
                  type: object
                  required: [a, b]
                  properties:
                    a: {type: integer}
                    b: {$ref: '#/components/schemas/Pair', nullable: true}
                Tested: {{schema}}
            """));
        return (new SchemaValidator(document), document["components"]!["schemas"]!["Tested"]!);
    }
}
