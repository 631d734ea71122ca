#!/usr/bin/env bash
# Measures the store. Called by `./dev bench store`, which builds first: store.sh BUILD_DIRECTORY [--json] [--hours N] [--bytes] [--batch S]
# [--lazytime]
# As root it measures the bytes that reach a block device (a file with ext4 on a loop device); else the bytes that the thread wrote.
set -euo pipefail
bench="$1/tests/store_bench"; shift
work=$(mktemp -d "${TMPDIR:-/var/tmp}/voltd-bench-XXXXXX")
loop=""
clean() {
    if [ -n "$loop" ]; then
        umount "$work/mnt" 2>/dev/null || true
        losetup -d "$loop" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean EXIT
mkdir "$work/mnt"
mount_options=defaults
[[ " $* " != *" --lazytime "* ]] || mount_options=lazytime
stat=()
if [ "$(id -u)" -eq 0 ] && command -v mkfs.ext4 losetup >/dev/null 2>&1; then
    truncate -s 2G "$work/device"
    mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$work/device"
    if loop=$(losetup -f --show "$work/device" 2>/dev/null) && mount -o "$mount_options" "$loop" "$work/mnt" 2>/dev/null; then
        stat=(--stat "/sys/block/$(basename "$loop")/stat")
    else
        [ -z "$loop" ] || losetup -d "$loop"
        loop=""
    fi
fi
[ -n "$loop" ] || echo "no loop device to be had: bytes as the kernel counts them for the thread" >&2
"$bench" "$work/mnt" "${stat[@]}" "$@"
