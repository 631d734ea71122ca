#!/usr/bin/env bash
# Boots a separate Debian with systemd-nspawn and runs inside.sh in it to test the packages: boot.sh VOLTD.deb VOLTD-AGENT.deb
# WORK_DIRECTORY RELEASE
# Has no network to the outside and changes nothing on this machine. Exit 77: skipped, with the reason.
set -euo pipefail
package=$(readlink -f "$1") agent=$(readlink -f "$2")
here=$(dirname "$(readlink -f "$0")")
. "$here/machine.sh"
begin_machines "$(realpath -m "$3")" "$4"

make_root
cp "$package" "$root/packages/voltd.deb"
cp "$agent" "$root/packages/voltd-agent.deb"
cp "$here/inside.sh" "$here/timedate.py" "$here/agent_trial.py" "$root/packages/"
fetch_packages /packages/voltd.deb /packages/voltd-agent.deb

# Build the same package with a newer version, for the upgrade.
rm -rf "$work/newer"
dpkg-deb -R "$package" "$work/newer"
sed -i 's/^Version: .*/&+newer/' "$work/newer/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/newer" "$root/packages/newer.deb" >/dev/null

boot voltd-test --private-network
# Run in the background, so that this script handles a signal at once.
inside "$leader" bash /packages/inside.sh &
wait $!
