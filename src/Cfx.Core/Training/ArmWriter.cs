using Cfx.Core.Artifacts;

namespace Cfx.Core.Training;

/// <summary>Writes one arm's two files, which appear on commit. Without validation examples that file is empty.</summary>
internal sealed class ArmWriter : IAsyncDisposable
{
    private readonly AtomicFile _training;
    private readonly AtomicFile _validation;

    public ArmWriter(string method, PrepareOptions options)
        : this(method, options.TrainingPath(method), options.ValidationPath(method))
    {
    }

    public ArmWriter(string method, string trainingPath, string validationPath)
    {
        Method = method;
        _training = AtomicFile.Create(trainingPath);
        _validation = AtomicFile.Create(validationPath);
    }

    public string Method { get; }

    public ArmCounts Counts { get; private set; } = new(0, 0, 0);

    public async Task AddAsync(ReadOnlyMemory<byte> line, bool isValidation, bool isPositive, CancellationToken cancellationToken)
    {
        var stream = (isValidation ? _validation : _training).Stream;
        await stream.WriteAsync(line, cancellationToken);
        stream.WriteByte((byte)'\n');
        Counts = new ArmCounts(
            Counts.Training + (isValidation ? 0 : 1),
            Counts.Validation + (isValidation ? 1 : 0),
            Counts.Positive + (isPositive ? 1 : 0));
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _training.CommitAsync(cancellationToken);
        await _validation.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _training.DisposeAsync();
        await _validation.DisposeAsync();
    }
}
