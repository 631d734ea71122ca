#!/usr/bin/env bash
# Prints figures. Called by `./dev bench`, which builds first: run.sh BUILD_DIRECTORY
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
dir=$1
echo "== decide()"
"$dir"/tests/decide_bench --benchmark_min_time=0.5
echo "== register reply to relay publish, and what voltd costs"
"$dir"/tests/site_bench
