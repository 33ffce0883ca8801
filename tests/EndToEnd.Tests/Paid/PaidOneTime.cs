namespace EndToEnd.Tests.Paid;

[SetUpFixture]
public class PaidOneTime
{
    /// <summary>A finished study whose models answer by name, all calls direct.</summary>
    internal static PaidStudy Reference { get; private set; } = null!;

    /// <summary>The run that made it.</summary>
    internal static Run ReferenceRun { get; private set; } = null!;

    [OneTimeSetUp]
    public void A_study_by_name_is_made()
    {
        Reference = PaidStudy.Start("name");
        ReferenceRun = Reference.Run("--budget=5", "--verbosity=diagnostic");
        Assert.That(ReferenceRun.ExitCode, Is.Zero, ReferenceRun.ToString());
    }

    [OneTimeTearDown]
    public void It_is_removed() => Reference?.Dispose();
}
