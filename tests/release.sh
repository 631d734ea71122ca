#!/usr/bin/env bash
# Runs ./dev in a root of another Debian release, made from its packages: release.sh NAME COMMAND [ARGUMENT ...]
# Copies the tree in. The builds remain in the root, so the next run is short. Needs root, mmdebstrap and rsync.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
name=$1; shift
work=build-release/$name root=$PWD/build-release/$name/root
[ "$(id -u)" -eq 0 ] || { echo "dev: --release needs root, to enter another Debian: sudo ./dev --release $name $*" >&2; exit 1; }

if [ ! -e "$work/made" ]; then
    echo "dev: making a root of Debian $name in $root, about a minute" >&2
    rm -rf "$root"
    mkdir -p "$work"
    mmdebstrap --variant=minbase --include=ca-certificates,git,procps,iproute2,passwd "$name" "$root" >"$work/root.log" 2>&1 ||
        { tail -5 "$work/root.log" >&2; echo "dev: mmdebstrap made no Debian $name" >&2; exit 1; }
    touch "$work/made"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/src"
rsync -a --delete --exclude '/build*/' ./ "$root/src/"

# Use a separate mount and process namespace, so that every leftover process ends with the command.
unshare --mount --pid --fork --kill-child bash -s -- "$root" "$@" <<'INSIDE'
set -euo pipefail
root=$1; shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI=1 \
    bash -c 'git config --global --replace-all safe.directory /src; cd /src; exec ./dev -y "$@"' dev "$@" </dev/null
INSIDE
# The packages are the result that a person wants.
[ "$1" != deb ] || { cp "$root"/src/build-deb/*.deb "$work/" && ls -l "$work"/*.deb; }
