namespace Cake.Frosting.Internal;

/// <summary>Why a task cannot be used as it was written.</summary>
/// <param name="Task">The task's name, or its class name where it has none yet.</param>
/// <param name="Message">One line.</param>
/// <param name="Exception">What was thrown, where something was.</param>
public sealed record TaskFault(string Task, string Message, Exception? Exception = null);
