using System.Text.Json.Nodes;

namespace Browser.Tests;

/// <summary>An analysis with every part that a report can show.</summary>
internal static class SampleAnalysis
{
    public static JsonObject Make()
    {
        var json = (JsonObject)JsonNode.Parse(
            """
            {
              "schema_version": 3, "study": "study-sandbox", "sandbox": true,
              "notice": "These are the sandbox's models: the numbers show that the pipeline works, not which method wins.",
              "providers": ["sandbox"], "seed": 42, "B": 10000,
              "plan": { "comparisons": 3, "alpha": 0.05, "multiplicity": "holm" },
              "comparisons": [],
              "davidson": {
                "status": "fitted", "prior": 0, "arms": ["base", "feedback", "alternative"], "theta": [0, 0.42, -0.03], "elo": [0, 73.2, -5.1],
                "ci": [[0, 0], [20.5, 131.2], [-58.3, 49.9]], "nu": 3.1, "G2": 1.2, "df": 3, "p": 0.75,
                "contrasts": [{ "first": "feedback", "second": "alternative", "elo": 78.3, "elo_ci95": [25.1, 136.0], "expected_score": 0.58 }]
              },
              "paired_differences": [{ "first": "feedback", "second": "alternative", "reference": "base", "n": 114, "difference": 0.07, "ci95": [0.01, 0.13], "p": 0.021 }],
              "flow": {
                "Filter": { "read": 464, "kept": { "total": 365, "UR2": 137, "UR3": 131, "UR5": 97 }, "left_out": { "total": 88 }, "duplicates": 1, "rejected": { "total": 10 } },
                "Split": { "items": { "total": 365, "train": 228, "validation": 22, "test": 115 } },
                "Prepare": { "left_out_items": 18, "left_out": { "feedback": { "declined": 17 } }, "arms": { "feedback": { "training": 211, "validation": 21 }, "alternative": { "training": 211, "validation": 21 } } }
              },
              "audit": {
                "matches_study": true, "differences": [], "judges_not_audited": ["sandbox/judge-two", "sandbox/judge-three"], "provider": "sandbox",
                "judge": { "model": "sandbox/judge", "temperature": 0 }, "size": 200,
                "reading": "The judge sides with the users: it prefers the new answer 38.0 points more often where they disliked the original than where they liked it.",
                "negative": { "pairs": 100, "complete": 99, "new_preferred": 55, "ties": 30, "original_preferred": 14, "rate": 0.707, "ci95": [0.634, 0.780] },
                "positive": { "pairs": 86, "complete": 86, "new_preferred": 15, "ties": 26, "original_preferred": 45, "rate": 0.327, "ci95": [0.245, 0.409] },
                "agreement": { "difference": 0.380, "se": 0.055, "ci95": [0.272, 0.488], "p": 4.9e-12 },
                "repeat": { "asked": 19, "n": 19, "noise": 0.105, "noise_ci95": [0.029, 0.314] }, "warnings": []
              },
              "human": {
                "matches_study": true, "differences": [], "note": null, "pairs": 100, "judged": 96, "not_judged": 4,
                "agreement": { "n": 96, "agreement": 0.625, "agreement_ci95": [0.525, 0.715], "kappa": 0.38, "kappa_ci95": [0.22, 0.54] },
                "comparisons": [{
                  "model1": "feedback", "model2": "alternative", "n": 34, "wins": 15, "ties": 12, "losses": 7, "h": 0.618, "ci95": [0.483, 0.752],
                  "agreement": { "n": 34, "agreement": 0.647, "agreement_ci95": [0.479, 0.785], "kappa": 0.41, "kappa_ci95": [0.14, 0.68] }
                }]
              },
              "deviations": [],
              "warnings": ["Each trained arm is one training run: how much the result would vary with another run of the same training is not in these numbers."],
              "methods": "Two systems at a time were compared on up to 114 contexts (3 planned comparisons)."
            }
            """)!;
        var comparisons = (JsonArray)json["comparisons"]!;
        comparisons.Add(Comparison("feedback", "base", "no significant difference", 26, 76, 12, 0.5614, 0.5088, 0.6140, 0.0671));
        comparisons.Add(Comparison("alternative", "base", "no significant difference", 21, 70, 23, 0.4912, 0.4334, 0.5491, 0.8804));
        comparisons.Add(Comparison("feedback", "alternative", "better", 31, 71, 12, 0.5833, 0.5282, 0.6384, 0.0162));
        return json;
    }

    public static JsonObject Job(string arm, int steps)
    {
        var curve = new JsonArray();
        for (var step = 1; step <= steps; step++)
        {
            var point = new JsonObject { ["step"] = step, ["train_loss"] = (1.2 / Math.Sqrt(step)) + (0.1 * (step % 3)) };
            if (step % 20 == 0)
            {
                point["eval_loss"] = 0.6 - (0.001 * step);
            }

            curve.Add(point);
        }

        return new JsonObject
        {
            ["arm"] = arm,
            ["status"] = "completed",
            ["base_model"] = "sandbox/small",
            ["hyperparameters"] = new JsonObject { ["epochs"] = 3, ["learning_rate"] = 0.05, ["lora"] = true },
            ["training_file"] = new JsonObject { ["examples"] = 211 },
            ["token_count"] = 87027,
            ["curve"] = curve,
        };
    }

    private static JsonObject Comparison(
        string model1, string model2, string verdict, int wins, int ties, int losses, double h, double lower, double upper, double p) => new()
        {
            ["model1"] = model1,
            ["model2"] = model2,
            ["verdict"] = verdict,
            ["n"] = wins + ties + losses,
            ["wins"] = wins,
            ["losses"] = losses,
            ["ties"] = new JsonObject { ["total"] = ties, ["consistent"] = ties - 27, ["flip_first"] = 20, ["flip_second"] = 3, ["soft"] = 4 },
            ["n_failed"] = new JsonObject { ["total"] = 0 },
            ["h"] = h,
            ["ci95"] = new JsonArray(lower, upper),
            ["ci_simultaneous"] = new JsonArray(lower - 0.012, upper + 0.012),
            ["h_averaged"] = h,
            ["decisive_rate"] = (double)wins / (wins + losses),
            ["primary_p"] = p / 2,
            ["holm_p"] = p,
            ["order_consistency"] = 0.72,
            ["flip_rate"] = 0.21,
            ["failure_rate"] = 0,
            ["failure_ci95"] = new JsonArray(0, 0.033),
            ["mde"] = 0.071,
            ["bootstrap"] = new JsonObject { ["ci95"] = new JsonArray(lower, upper) },
            ["unanswered_as_loss"] = new JsonObject { ["h"] = h },
            ["power"] = new JsonObject { ["pairs"] = 114, ["pairs_needed"] = new JsonObject { ["0.05"] = 729, ["0.03"] = 2032, ["0.02"] = 4577 } },
            ["bounds"] = new JsonObject { ["h_low"] = h, ["h_high"] = h, ["conclusion_depends"] = false },
            ["lc"] = new JsonObject { ["status"] = "fitted", ["rate"] = h - 0.01, ["raw_rate"] = h, ["ci95"] = new JsonArray(lower, upper), ["difference"] = 12.4 },
            ["position"] = new JsonObject
            {
                ["first_slot_bias"] = 0.074,
                ["first_slot_bias_ci95"] = new JsonArray(0.04, 0.11),
                ["kappa"] = 0.47,
                ["consistency_ci95"] = new JsonArray(0.63, 0.8),
            },
            ["judges"] = new JsonObject
            {
                ["each"] = new JsonArray(Judge("sandbox/judge", h + 0.03), Judge("sandbox/judge-two", h), Judge("sandbox/judge-three", h - 0.06)),
                ["agreement"] = new JsonObject
                {
                    ["judged_by_all"] = 114,
                    ["unanimous"] = 61,
                    ["unanimous_share"] = 0.535,
                    ["unanimous_ci95"] = new JsonArray(0.444, 0.624),
                    ["fleiss"] = new JsonObject { ["n"] = 114, ["agreement"] = 0.66, ["kappa"] = 0.37, ["ci95"] = new JsonArray(0.26, 0.48) },
                    ["pairs"] = new JsonArray(
                        Two("sandbox/judge", "sandbox/judge-two", 0.44), Two("sandbox/judge", "sandbox/judge-three", 0.31), Two("sandbox/judge-two", "sandbox/judge-three", 0.36)),
                },
            },
            ["subgroups"] = new JsonArray(new JsonObject
            {
                ["dimension"] = "category",
                ["heterogeneity_p"] = 0.6,
                ["groups"] = new JsonArray(new JsonObject { ["group"] = "UR2", ["n"] = 40, ["wins"] = 10, ["ties"] = 25, ["losses"] = 5, ["h"] = 0.56, ["ci95"] = new JsonArray(0.47, 0.65) }),
            }),
            ["warnings"] = new JsonArray(),
            ["evaluation"] = new JsonObject { ["judge"] = new JsonObject { ["model"] = "sandbox/judge", ["temperature"] = 0 }, ["seed"] = 42, ["split_hash"] = "64cdc494" },
        };

    private static JsonObject Judge(string name, double h) => new()
    {
        ["judge"] = name,
        ["n"] = 114,
        ["incomplete"] = 0,
        ["wins"] = 30,
        ["ties"] = 66,
        ["losses"] = 18,
        ["h"] = h,
        ["se"] = 0.028,
        ["ci95"] = new JsonArray(h - 0.055, h + 0.055),
        ["order_consistency"] = 0.71,
    };

    private static JsonObject Two(string judge1, string judge2, double kappa) => new()
    {
        ["judge1"] = judge1,
        ["judge2"] = judge2,
        ["n"] = 114,
        ["agreement"] = 0.65,
        ["agreement_ci95"] = new JsonArray(0.558, 0.731),
        ["kappa"] = kappa,
        ["kappa_ci95"] = new JsonArray(kappa - 0.13, kappa + 0.13),
    };
}
