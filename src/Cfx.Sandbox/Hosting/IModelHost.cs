namespace Cfx.Sandbox.Hosting;

/// <summary>What the server needs of the models: to list them, to open them and to train them.</summary>
internal interface IModelHost
{
    /// <summary>The models that are there without training, in the order in which they are listed.</summary>
    IReadOnlyList<ServedModelInfo> BaseModels { get; }

    /// <summary>Changes whenever a model that is there without training could answer otherwise.</summary>
    string ContentVersion { get; }

    /// <summary>The number of tokens that a text counts as.</summary>
    int CountTokens(string text);

    Task<IServedModel> OpenBaseAsync(string name, CancellationToken cancellationToken);

    /// <param name="baseName">The base model that it was trained from.</param>
    /// <param name="path">A file written by <see cref="ITrainingRun.SaveModel"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IServedModel> OpenTunedAsync(string baseName, string path, CancellationToken cancellationToken);

    /// <param name="order">What to train.</param>
    /// <param name="resumeFrom">A file written by <see cref="ITrainingRun.Save"/> for the same order; null, or one that cannot be used, to start at step 0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ITrainingRun> BeginTrainingAsync(TrainingOrder order, string? resumeFrom, CancellationToken cancellationToken);
}
