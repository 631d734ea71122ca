#!/usr/bin/env bash
# Makes commands that run the programs of a foreign architecture in user-mode emulation, and prints their directory:
# emulated.sh ARCHITECTURE
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../build-cross/$1"
declare -A emulators=([arm64]=qemu-aarch64-static [armhf]=qemu-arm-static)
mkdir -p emulated
for program in voltd voltctl voltsim; do
    printf '#!/bin/sh\nexec %s -L %s %s "$@"\n' "${emulators[$1]}" "$PWD/../root-$1" "$PWD/$program" >"emulated/$program"
    chmod +x "emulated/$program"
done
echo "$PWD/emulated"
