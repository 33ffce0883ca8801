using Cfx.Build.Composition;

namespace Build.Tests.Composition;

public sealed class GitCommitTests
{
    private const string One = "1111111111111111111111111111111111111111";
    private const string Two = "2222222222222222222222222222222222222222";

    private string _root = null!;

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("cfx-test-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_root, recursive: true);

    [Test]
    public void A_branch_is_followed_to_its_commit()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/refs/heads/main", One + "\n");
        Assert.That(Of(), Is.EqualTo(One));
    }

    [Test]
    public void A_packed_branch_is_found_by_its_whole_name()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/packed-refs", $"# pack-refs\n{Two} refs/heads/not/refs/heads/main\n{One} refs/heads/main\n");
        Assert.That(Of(), Is.EqualTo(One));
    }

    [Test]
    public void A_further_work_tree_shares_the_branches()
    {
        Write("tree/.git", $"gitdir: {Path.Combine(_root, ".git", "worktrees", "tree")}\n");
        Write(".git/worktrees/tree/HEAD", "ref: refs/heads/side\n");
        Write(".git/worktrees/tree/commondir", "../..\n");
        Write(".git/refs/heads/side", Two);
        Assert.That(GitCommit.Of(Path.Combine(_root, "tree"), _ => null), Is.EqualTo(Two));
    }

    [Test]
    public void What_the_ci_system_says_goes_first_and_a_detached_head_is_a_commit()
    {
        Write(".git/HEAD", One);
        Assert.That(Of(), Is.EqualTo(One));
        Assert.That(GitCommit.Of(_root, n => n == "GITHUB_SHA" ? Two.ToUpperInvariant() : null), Is.EqualTo(Two));
        Assert.That(GitCommit.Of(_root, _ => "not a commit"), Is.EqualTo(One));
    }

    [Test]
    public void Without_a_repository_or_with_a_broken_one_it_is_not_known()
    {
        Assert.That(Of(), Is.Null);
        Write(".git/HEAD", "ref: refs/heads/none");
        Assert.That(Of(), Is.Null);
    }

    private string? Of() => GitCommit.Of(_root, _ => null);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
