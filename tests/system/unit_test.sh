#!/bin/sh
# The service's sandbox: systemd's own measure of exposure is 1.2 at most, and the unit has no word that systemd 252 does not know.
# Exit 77: skipped.
set -eu
unit=$(dirname "$(readlink -f "$0")")/../../systemd/voltd.service
command -v systemd-analyze >/dev/null || { echo "skipped: there is no systemd-analyze here"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

systemd-analyze security --offline=true --threshold=12 --no-pager "$unit" >"$dir/exposure" 2>&1 || {
    grep -v '✓' "$dir/exposure"
    echo "failed: more exposed than 1.2"
    exit 1
}
grep 'Overall exposure' "$dir/exposure"

# A busy machine: the share of the processor that the others do not get.
grep -q '^CPUWeight=500$' "$unit" || { echo "failed: no CPUWeight=500"; exit 1; }

# The program need not be there to look at the words.
sed 's|=/usr/bin/voltd .*|=/bin/true|' "$unit" >"$dir/voltd.service"
systemd-analyze verify --man=no "$dir/voltd.service" >"$dir/said" 2>&1 || true
if grep 'voltd.service' "$dir/said"; then
    echo "failed: systemd does not understand the unit"
    exit 1
fi
