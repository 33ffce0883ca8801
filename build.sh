#!/usr/bin/env bash
# Starts the build host with every argument passed on. Builds it first only when a source or project file is newer than the last
# build, so that a run with nothing to do costs a process start. build.ps1 is the same, line for line.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
host="$root/build/bin/Release/net10.0/Build.dll"
stamp="$root/.cfx/build.stamp"
cd "$root"

if ! command -v dotnet >/dev/null 2>&1; then
    echo "build.sh: 'dotnet' was not found. Install the .NET 10 SDK and put it on PATH." >&2
    exit 2
fi

stale() {
    [ -f "$host" ] && [ -f "$stamp" ] || return 0
    # Folders count too: a deleted file leaves no file that is newer.
    [ -n "$(find build src Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig \
        \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

if stale; then
    echo "Building the host ..." >&2
    mkdir -p -m 700 .cfx
    # The time before the build counts: a file saved while the compiler runs is seen by the next run.
    next="$stamp.$$"
    touch "$next"
    if ! log="$(dotnet build build/Build.csproj --configuration Release --nologo --verbosity quiet 2>&1)"; then
        echo "$log" >&2
        echo "build.sh: the host could not be built; the compiler's messages are above." >&2
        exit 1
    fi
    find build src -type d \( -name bin -o -name obj \) -prune -o -type d -newer "$next" -exec touch -r "$next" {} + 2>/dev/null || true
    mv "$next" "$stamp"
fi

export DOTNET_TieredPGO=0
exec dotnet "$host" "$@"
