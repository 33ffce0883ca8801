namespace Cfx.Sandbox.Models;

/// <summary>A model that answers requests of every kind: it chats and rewrites by its responder and judges by its reward model.</summary>
/// <param name="Responder">Chooses answers; what tuning changes.</param>
/// <param name="Reward">Judges answers; shared by all models.</param>
/// <param name="Judging">How rewards become verdicts.</param>
public sealed record SandboxModel(ResponseModel Responder, RewardModel Reward, JudgeSettings Judging);
