#!/bin/sh
# Writes dpkg's records of packages that were only unpacked, so that dpkg-shlibdeps can name them: records.sh ROOT RECORDS
set -eu
root=$1 records=$2
mkdir -p "$records/info"
for deb in "$root"/var/cache/apt/archives/*.deb; do
    [ -e "$deb" ] || { echo "records.sh: no packages in $root" >&2; exit 1; }
    name=$(dpkg-deb -f "$deb" Package)
    if dpkg-deb -f "$deb" Multi-Arch | grep -q same; then name=$name:$(dpkg-deb -f "$deb" Architecture); fi
    { echo "Status: install ok installed"; dpkg-deb -f "$deb"; echo; } >>"$records/status"
    { echo /.; dpkg-deb --fsys-tarfile "$deb" | tar -t | sed 's|^\.||; s|/$||; /^$/d'; } >"$records/info/$name.list"
    for part in symbols shlibs; do
        dpkg-deb -I "$deb" "$part" >"$records/info/$name.$part" 2>/dev/null || rm -f "$records/info/$name.$part"
    done
done
echo 1 >"$records/info/format"
