namespace Cfx.Core;

/// <summary>Where a stage tells how far it is. The host draws a bar or prints plain lines; a test records.</summary>
public interface IProgressSink
{
    /// <summary>Begins a piece of countable work; disposing ends it.</summary>
    /// <param name="what">What is counted, in plural ("answers").</param>
    /// <param name="total">How many there will be; null when unknown.</param>
    IProgressScope Begin(string what, long? total);
}
