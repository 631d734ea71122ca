#!/bin/sh
# Prints the packages whose libraries the given programs need, with their least versions, as dpkg-shlibdeps finds them.
# VOLT_ROOT (a build root, with the dpkg records that cross/root.sh keeps) and VOLT_ARCHITECTURE: for that target.
set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/debian"
printf 'Source: voltd\n\nPackage: voltd\nArchitecture: any\n' >"$dir/debian/control"
files=
for program in "$@"; do files="$files $(readlink -f "$program")"; done
cd "$dir"
if [ -n "${VOLT_ROOT:-}" ]; then
    triplet=$(dpkg-architecture -a "$VOLT_ARCHITECTURE" -q DEB_HOST_MULTIARCH 2>/dev/null)
    export DEB_HOST_ARCH="$VOLT_ARCHITECTURE"
    set -- --admindir="$VOLT_ROOT/var/lib/dpkg" -l"$VOLT_ROOT/usr/lib/$triplet" -l"$VOLT_ROOT/lib/$triplet"
else
    set --
fi
# shellcheck disable=SC2086
dpkg-shlibdeps "$@" -O $files 2>"$dir/said" | sed -n 's/^shlibs:Depends=//p' >"$dir/depends"
[ -s "$dir/depends" ] || { cat "$dir/said" >&2; exit 1; }
cat "$dir/depends"
