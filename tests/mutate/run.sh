#!/usr/bin/env bash
# Applies each fault of the two lists alone to a copy of the sources, builds the tests of the rules, and checks that one
# fails. Usage: run.sh SOURCES WORK [NAME...]; NAME: only faults whose name holds it. Works on as many faults at a time as
# there are cores, each worker in a copy of its own. Ends with "N of N caught"; 1 when one was not.
set -euo pipefail
sources=$1 work=$2; shift 2
workers=$(nproc)
most_seconds=300  # a test that hangs by a fault has noticed it

# Quick ones first: the first that fails ends the fault's turn.
programs=(rules_readings_tests rules_budget_tests rules_loads_tests rules_edges_tests rules_scenarios_tests rules_properties_tests)

build_tests() { ninja -C "$build" "${programs[@]}" >"$dir/build.log" 2>&1; }

prepare() {
    mkdir -p "$copy" "$build"
    (cd "$sources" && git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - --ignore-failed-read) |
        tar -xmf - -C "$copy"  # as new: what a fault left behind must be built again
    CC=clang CXX=clang++ cmake -G Ninja -S "$copy" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-g0 -O1 -w" \
        >"$dir/configure.log" 2>&1 || { cat "$dir/configure.log" >&2; exit 1; }
    build_tests || { cat "$dir/build.log" >&2; exit 1; }
}

caught_by() {  # prints the program that fails; nothing when none does
    local program
    for program in "${programs[@]}"; do
        timeout "$most_seconds" "$build/tests/$program" --no-colors >"$dir/test.log" 2>&1 || { echo "$program"; return; }
    done
}

put_fault() {  # FILE FROM TO
    FROM=$2 TO=$3 perl -0777 -pi -e '
        my $count = () = /\Q$ENV{FROM}\E/g;
        die "the text to replace occurs $count times in $ARGV, not once: $ENV{FROM}\n" if $count != 1;
        s/\Q$ENV{FROM}\E/$ENV{TO}/' "$1"
}

wanted() {  # NAME PATTERNS...
    local name=$1 pattern; shift
    [ $# -eq 0 ] && return 0
    for pattern in "$@"; do [[ $name == *"$pattern"* ]] && return 0; done
    return 1
}

run_list() {  # LIST NAMES...; this worker's share of it
    touch "$dir/results"
    local lines line name rest file from to by turn=0
    mapfile -t lines <"$1"; shift
    for line in "${lines[@]}"; do
        [[ -z $line || $line == \#* ]] && continue
        line=$line' '
        name=${line%% ## *}; rest=${line#* ## }
        file=${rest%% ## *}; rest=${rest#* ## }
        from=${rest%% ##*}; to=${rest#* ##}; to=${to# }; to=${to% }
        wanted "$name" "$@" || continue
        turn=$((turn + 1))
        [ $((turn % workers)) -eq "$worker" ] || continue
        if ! put_fault "$copy/$file" "$from" "$to"; then by="NOT APPLIED"
        elif ! build_tests; then by="caught by the compiler"
        else by=$(caught_by); by=${by:+caught by $by}
        fi
        cp "$sources/$file" "$copy/$file"
        echo "$name: ${by:-NOT CAUGHT}" | tee -a "$dir/results"
    done
}

places_of() { worker=$1 dir=$work/$1 copy=$work/$1/copy build=$work/$1/build; }

work_through() {  # WORKER NAMES...
    places_of "$1"; shift
    run_list "$sources/tests/mutate/faults.list" "$@"
    programs=(rules_properties_tests)
    export VOLT_SEEDS=200  # rare things need more sites than the default run has
    run_list "$sources/tests/mutate/properties.list" "$@"
}

# One after the other: the compiler cache, where there is one, makes all but the first quick.
export CCACHE_BASEDIR=$work
for ((i = 0; i < workers; i++)); do
    places_of "$i"
    rm -f "$dir/results"
    prepare
done
failing=$(caught_by)
[ -z "$failing" ] || { echo "$failing fails without any fault; see $dir/test.log" >&2; exit 1; }

jobs=()
for ((i = 0; i < workers; i++)); do
    work_through "$i" "$@" &
    jobs+=($!)
done
failed=0
for job in "${jobs[@]}"; do wait "$job" || failed=1; done
total=$(cat "$work"/*/results | wc -l)
caught=$(cat "$work"/*/results | grep -c ': caught by ' || true)
grep -h ': NOT ' "$work"/*/results || true
echo "$caught of $total caught"
[ "$failed" -eq 0 ] && [ "$caught" -eq "$total" ] && [ "$total" -gt 0 ]
