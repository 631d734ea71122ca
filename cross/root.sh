#!/usr/bin/env bash
# Makes a build root of a foreign Debian 12 from its own packages, unpacked and never run: root.sh ARCHITECTURE DIRECTORY
# Needs mmdebstrap. Root is not needed.
set -euo pipefail
arch=$1 dir=$(realpath -m "$2")
here=$(dirname "$(readlink -f "$0")")
packages=libc6-dev,libstdc++-12-dev,libmodbus-dev,libpaho-mqttpp-dev,libpaho-mqtt-dev,libssl-dev,libsqlite3-dev
packages+=,libyaml-cpp-dev,libfmt-dev,libcpp-httplib-dev,nlohmann-json3-dev,libcli11-dev,libhowardhinnant-date-dev
packages+=,libsystemd-dev,libqrencode-dev,libxml2-dev,libseccomp-dev,doctest-dev,tzdata
wanted="$dir $arch $packages"
[ -f "$dir/.made-of" ] && [ "$(cat "$dir/.made-of")" = "$wanted" ] && exit 0

rm -rf "$dir" "$dir.tar" "$dir.records"
mkdir -p "$dir"
mode=unshare
[ "$(id -u)" -eq 0 ] && mode=root
unpack() {  # SOURCES...; none: Debian 12 with its updates
    mmdebstrap --mode=$mode --architectures="$arch" --variant=extract --include="$packages" \
        --extract-hook="$here/records.sh \"\$1\" '$dir.records'" bookworm "$dir.tar" "$@" >&2
}
# To compile and link against, the plain release serves where a mirror's updates are out of step.
unpack || { rm -rf "$dir.tar" "$dir.records"; unpack "deb http://deb.debian.org/debian bookworm main"; }
# Devices are left out: a build needs none, and an ordinary user may not make them.
tar -C "$dir" --exclude='./dev/*' -xf "$dir.tar"
rm -f "$dir.tar"
mkdir -p "$dir/var/lib/dpkg"
cp -rT "$dir.records" "$dir/var/lib/dpkg"
rm -rf "$dir.records"
# dpkg-shlibdeps asks for the files by the path where it finds them.
sed -i "s|^/|$dir/|" "$dir"/var/lib/dpkg/info/*.list

# The linker follows links in our root, not in the target's.
find "$dir" -type l -lname '/*' | while read -r link; do
    ln -snf "$(realpath -sm --relative-to="$(dirname "$link")" "$dir$(readlink "$link")")" "$link"
done
echo "$wanted" >"$dir/.made-of"
