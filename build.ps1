#!/usr/bin/env pwsh
# Starts the build host with every argument passed on. Builds it first only when a source or project file is newer than the last
# build, so that a run with nothing to do costs a process start. build.sh is the same, line for line.
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$buildHost = Join-Path $root 'build/bin/Release/net10.0/Build.dll'
$stamp = Join-Path $root '.cfx/build.stamp'
Set-Location $root

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine("build.ps1: 'dotnet' was not found. Install the .NET 10 SDK and put it on PATH.")
    exit 2
}

function Test-Stale {
    if (-not ((Test-Path $buildHost) -and (Test-Path $stamp))) { return $true }
    # Folders count too: a deleted file leaves no file that is newer.
    $built = (Get-Item $stamp).LastWriteTimeUtc
    $sources = @(Get-Item build, src, Directory.Build.props, Directory.Packages.props, global.json, BannedSymbols.txt, .editorconfig -Force) +
        @(Get-ChildItem build, src -Recurse -Force)
    return [bool]($sources | Where-Object { $_.FullName -notmatch '[\\/](bin|obj)([\\/]|$)' -and $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}

if (Test-Stale) {
    [Console]::Error.WriteLine('Building the host ...')
    if (-not (Test-Path .cfx)) {
        New-Item -ItemType Directory .cfx | Out-Null
        if ($IsLinux -or $IsMacOS) { chmod 700 .cfx }
    }
    # The time before the build counts: a file saved while the compiler runs is seen by the next run.
    $next = "$stamp.$PID"
    New-Item -ItemType File -Force $next | Out-Null
    $log = dotnet build build/Build.csproj --configuration Release --nologo --verbosity quiet 2>&1
    if ($LASTEXITCODE -ne 0) {
        $log | ForEach-Object { [Console]::Error.WriteLine($_) }
        [Console]::Error.WriteLine("build.ps1: the host could not be built; the compiler's messages are above.")
        exit 1
    }
    $before = (Get-Item $next).LastWriteTimeUtc
    Get-ChildItem build, src -Recurse -Directory -Force | Where-Object { $_.FullName -notmatch '[\\/](bin|obj)([\\/]|$)' -and $_.LastWriteTimeUtc -gt $before } |
        ForEach-Object { $_.LastWriteTimeUtc = $before }
    Move-Item -Force $next $stamp
}

$env:DOTNET_TieredPGO = '0'
dotnet $buildHost @args
exit $LASTEXITCODE
