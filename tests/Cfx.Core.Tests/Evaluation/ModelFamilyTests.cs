using Cfx.Core.Evaluation;

namespace Cfx.Core.Tests.Evaluation;

public sealed class ModelFamilyTests
{
    [TestCase("meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo", "acct/Meta-Llama-3.1-8B-Instruct-Reference-study-abc", "Llama")]
    [TestCase("Qwen/Qwen2.5-72B-Instruct", "Qwen/QwQ-32B", "Qwen")]
    [TestCase("openai/gpt-4o", "openai/o3-mini", "GPT")]
    [TestCase("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "meta-llama/Llama-3.3-70B", "Llama")]
    [TestCase("google/gemma-2-27b-it", "google/gemini-2.0-flash", "Gemma and Gemini")]
    [TestCase("acme/one", "acme/two", "acme")]
    [TestCase("x/y", "X/Y", "the same model")]
    public void Kin_is_told_by_name(string one, string other, string expected)
    {
        Assert.That(ModelFamily.Shared(one, other), Does.Contain(expected));
        Assert.That(ModelFamily.Shared(other, one), Is.Not.Null);
    }

    [TestCase("meta-llama/Llama-3.3-70B", "Qwen/Qwen2.5-72B-Instruct")]
    [TestCase("sandbox/judge", "sandbox/large")]
    [TestCase("nvidia/Nemotron-4", "nvidia/Mistral-NeMo")]
    [TestCase("one", "two")]
    [TestCase("acme/graphite-3", "other/philosophy")]
    public void Strangers_are_no_kin(string one, string other) => Assert.That(ModelFamily.Shared(one, other), Is.Null);
}
