#!/usr/bin/env bash
# Applies each fault of the two lists alone to a copy of the sources, builds the tests of the rules and looks whether one
# fails. Usage: run.sh SOURCES WORK [NAME...]; NAME: only faults whose name holds it. Ends with "N of N caught"; 1 when one was not.
set -euo pipefail
sources=$1 work=$2; shift 2
copy=$work/copy build=$work/build
# Quick ones first: the first that fails ends the fault's turn.
programs=(rules_readings_tests rules_loads_tests)
for program in rules_edges_tests rules_scenarios_tests rules_properties_tests; do
    grep -rqs "volt_test($program" "$sources"/tests/*/*.cmake && programs+=("$program")
done
most_seconds=300  # a test that hangs by a fault has noticed it

tell() { printf '%s\n' "$*"; }
build_tests() { ninja -C "$build" "${programs[@]}" >"$work/build.log" 2>&1; }

prepare() {
    mkdir -p "$copy" "$build"
    (cd "$sources" && git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - --ignore-failed-read) |
        tar -xmf - -C "$copy"  # as new: what a fault left behind must be built again
    cmake -G Ninja -S "$copy" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -w" >"$work/configure.log" 2>&1 ||
        { cat "$work/configure.log" >&2; exit 1; }
    build_tests || { cat "$work/build.log" >&2; exit 1; }
}

caught_by() {  # prints the program that fails; nothing when none does
    local program
    for program in "${programs[@]}"; do
        timeout "$most_seconds" "$build/tests/$program" --no-colors >"$work/test.log" 2>&1 || { tell "$program"; return; }
    done
}

put_fault() {  # FILE FROM TO
    FROM=$2 TO=$3 perl -0777 -pi -e '
        my $count = () = /\Q$ENV{FROM}\E/g;
        die "what stands there is found $count times in $ARGV, not once: $ENV{FROM}\n" if $count != 1;
        s/\Q$ENV{FROM}\E/$ENV{TO}/' "$1"
}

wanted() {  # NAME PATTERNS...
    local name=$1 pattern; shift
    [ $# -eq 0 ] && return 0
    for pattern in "$@"; do [[ $name == *"$pattern"* ]] && return 0; done
    return 1
}

run_list() {  # LIST NAMES...
    local lines line name rest file from to by
    mapfile -t lines <"$1"; shift
    for line in "${lines[@]}"; do
        [[ -z $line || $line == \#* ]] && continue
        line=$line' '
        name=${line%% ## *}; rest=${line#* ## }
        file=${rest%% ## *}; rest=${rest#* ## }
        from=${rest%% ##*}; to=${rest#* ##}; to=${to# }; to=${to% }
        wanted "$name" "$@" || continue
        total=$((total + 1))
        by=""
        if ! put_fault "$copy/$file" "$from" "$to"; then missed+=("$name (not applied)")
        elif ! build_tests; then by="the compiler"
        else by=$(caught_by); [ -n "$by" ] || missed+=("$name")
        fi
        cp "$sources/$file" "$copy/$file"
        [ -z "$by" ] || caught=$((caught + 1))
        tell "$name: ${by:+caught by }${by:-NOT CAUGHT}"
    done
}

prepare
sound=$(caught_by)
[ -z "$sound" ] || { tell "without a fault $sound fails already; see $work/test.log" >&2; exit 1; }
total=0 caught=0 missed=()
run_list "$sources/tests/mutate/faults.list" "$@"
programs=(rules_properties_tests)
export VOLT_SEEDS=200  # rare things need more sites than the default run has
run_list "$sources/tests/mutate/properties.list" "$@"
for name in ${missed[@]+"${missed[@]}"}; do tell "not caught: $name"; done
tell "$caught of $total caught"
[ "$caught" -eq "$total" ] && [ "$total" -gt 0 ]
