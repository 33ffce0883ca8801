#!/usr/bin/env bash
# Installs Debian's Chromium, which the tests in this folder drive. Where that cannot be, it says why and succeeds all the same: the tests
# are then skipped. Run it by hand, or before the tests on a build server.
set -uo pipefail

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        echo "install-browser.sh: $(command -v "$name") is there."
        exit 0
    fi
done

if ! command -v apt-get >/dev/null 2>&1; then
    echo "install-browser.sh: there is no apt-get here; install Chromium by hand, or let the browser tests be skipped."
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "install-browser.sh: installing needs root, and sudo asks for a password; run 'sudo apt-get install chromium'."
        exit 0
    fi
    as_root=(sudo -n)
fi

if "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium >/dev/null; then
    echo "install-browser.sh: installed $(command -v chromium)."
else
    echo "install-browser.sh: apt-get could not install Chromium; its messages are above. The browser tests will be skipped."
fi
exit 0
