using System.Text.Json.Nodes;
using Cfx.Core.Statistics;

namespace Cfx.Core.Evaluation;

/// <summary>Agreement as files tell it; what is undefined is null.</summary>
internal static class AgreementJson
{
    internal static JsonObject Of(KappaResult kappa) => new()
    {
        ["n"] = kappa.N,
        ["agreement"] = kappa.Agreement,
        ["expected_agreement"] = kappa.ExpectedAgreement,
        ["kappa"] = kappa.Kappa,
        ["se"] = kappa.StandardError,
        ["ci95"] = Of(kappa.Interval),
    };

    internal static JsonObject Of(VerdictAgreementResult result) => new()
    {
        ["n"] = result.Kappa.N,
        ["agreement"] = result.Kappa.Agreement,
        ["agreement_ci95"] = result.Kappa.N == 0 ? null : Of(result.AgreementInterval),
        ["kappa"] = result.Kappa.Kappa,
        ["kappa_ci95"] = Of(result.Kappa.Interval),
        ["linear_kappa"] = result.LinearKappa.Kappa,
        ["decided"] = result.Decided,
        ["decided_agreement"] = result.DecidedAgreement,
        ["decided_ci95"] = result.Decided == 0 ? null : Of(result.DecidedInterval),
    };

    internal static JsonArray? Of(Interval? interval) => interval is null ? null : new JsonArray(interval.Lower, interval.Upper);
}
