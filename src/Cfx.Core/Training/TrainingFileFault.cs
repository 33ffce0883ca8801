namespace Cfx.Core.Training;

/// <summary>Something in a training file that its provider would refuse or misread.</summary>
/// <param name="Line">1 for the first line; 0 for the file as a whole.</param>
/// <param name="Reason">What is wrong, in a few words.</param>
public sealed record TrainingFileFault(int Line, string Reason);
