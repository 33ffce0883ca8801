using Cfx.Benchmarks;

// The server is another process, so that its work does not count as the client's.
return args is ["serve", ..]
    ? await SlowServer.RunAsync(TimeSpan.FromMilliseconds(200))
    : await SendingBenchmark.RunAsync(calls: args is [var n, ..] ? int.Parse(n, System.Globalization.CultureInfo.InvariantCulture) : 5000);
