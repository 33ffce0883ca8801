// The browser waits more than it works.
[assembly: Parallelizable(ParallelScope.Fixtures)]
