namespace Cfx.Sandbox.Hosting;

/// <summary>Training under way, an epoch at a time. Used by one thread.</summary>
internal interface ITrainingRun
{
    /// <summary>Epochs done so far, those of earlier sittings included.</summary>
    int EpochsDone { get; }

    int StepsPerEpoch { get; }

    int TotalSteps { get; }

    /// <summary>How many numbers this training may change.</summary>
    long ParameterCount { get; }

    /// <summary>Trains one epoch. A run that is cancelled within one is of no more use.</summary>
    /// <param name="onStep">Called after each step on the calling thread, which it may hold up.</param>
    /// <param name="cancellationToken">Checked before each step.</param>
    void RunEpoch(Action<TrainingStep> onStep, CancellationToken cancellationToken);

    /// <summary>Writes what is needed to go on after this epoch with the same result.</summary>
    void Save(Stream stream);

    /// <summary>Writes the model as it is now; may also be called after a step.</summary>
    void SaveModel(Stream stream);
}
