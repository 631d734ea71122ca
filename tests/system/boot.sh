#!/usr/bin/env bash
# Boots a separate Debian with systemd-nspawn and runs inside.sh in it to test the packages: boot.sh VOLTD.deb VOLTD-AGENT.deb
# WORK_DIRECTORY RELEASE
# Has no network to the outside and changes nothing on this machine. Exit 77: skipped, with the reason.
set -euo pipefail
package=$(readlink -f "$1") agent=$(readlink -f "$2") work=$(realpath -m "$3") release=$4
here=$(dirname "$(readlink -f "$0")")

skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "booting a Debian needs root"
for tool in systemd-nspawn mmdebstrap nsenter; do command -v $tool >/dev/null || skip "there is no $tool"; done

pid= root=
cleanup() {
    trap - EXIT INT TERM
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null || true
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$pid" 2>/dev/null || true
    fi
    [ -z "$root" ] || rm -rf "$root"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

mkdir -p "$work"
if [ ! -s "$work/$release.tar" ]; then
    mmdebstrap --format=tar --variant=minbase --include=systemd,systemd-sysv,dbus,mosquitto,mosquitto-clients,sqlite3,procps,util-linux,nftables,python3-dbus,python3-gi \
        "$release" "$work/$release.tar.new" >"$work/base.log" 2>&1 || { tail -5 "$work/base.log"; skip "mmdebstrap makes no Debian here"; }
    mv "$work/$release.tar.new" "$work/$release.tar"
fi
root=$(mktemp -d "$work/root-XXXXXX")
chmod 755 "$root"
tar -C "$root" --exclude='./dev/*' -xf "$work/$release.tar"

# Bring the packages' dependencies now, because there is no network inside.
cp /etc/resolv.conf "$root/etc/resolv.conf"
mkdir "$root/packages"
cp "$package" "$root/packages/voltd.deb"
cp "$agent" "$root/packages/voltd-agent.deb"
cp "$here/inside.sh" "$here/timedate.py" "$here/agent_trial.py" "$root/packages/"
systemd-nspawn --quiet -D "$root" --register=no --keep-unit --console=pipe \
    sh -c 'apt-get update && apt-get install -y --download-only --no-install-recommends /packages/voltd.deb /packages/voltd-agent.deb' \
    </dev/null >"$work/apt.log" 2>&1 || { tail -5 "$work/apt.log"; skip "the packages' dependencies cannot be fetched"; }

# Build the same package with a newer version, for the upgrade.
rm -rf "$work/newer"
dpkg-deb -R "$package" "$work/newer"
sed -i 's/^Version: .*/&+newer/' "$work/newer/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/newer" "$root/packages/newer.deb" >/dev/null

systemd-nspawn --quiet -D "$root" --machine=voltd-test --register=no --keep-unit --private-network --console=pipe -b \
    </dev/null >"$work/boot.log" 2>&1 &
pid=$!
leader=
for _ in $(seq 300); do
    kill -0 $pid 2>/dev/null || { tail -5 "$work/boot.log"; pid=; skip "systemd-nspawn cannot boot here"; }
    leader=$(pgrep -P $pid | head -1 || true)
    [ -n "$leader" ] && [ -S "/proc/$leader/root/run/systemd/private" ] && break
    sleep 0.1
done
[ -n "$leader" ] || skip "the Debian does not come up"

inside() { nsenter -t "$leader" -m -u -i -n -p -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"; }
inside systemctl is-system-running --wait >"$work/state" 2>&1 || true
grep -qE 'running|degraded' "$work/state" || { tail -5 "$work/boot.log"; skip "systemd does not come up: $(cat "$work/state")"; }
# Run in the background, so that this script handles a signal at once.
inside bash /packages/inside.sh &
wait $!
