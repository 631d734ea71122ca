#!/usr/bin/env bash
# Tests a GX behind a network that is missing at start, added, cut and repaired, and a name server that hangs: the poller recovers
# each time without a restart. wire_namespaces.sh PROGRAM (modbus_watch). Needs root and python3-pymodbus.
# Exit 77: skipped.
set -euo pipefail
watch=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
skip() { echo "wire_namespaces: skipped: $1"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "needs root"
/usr/bin/python3 -c 'import pymodbus.server' 2>/dev/null || skip "needs python3-pymodbus"
ours=voltd-ours-$$ theirs=voltd-gx-$$ dir=$(mktemp -d) children=()
ip netns add "$ours" 2>/dev/null || skip "network namespaces cannot be made here"
cleanup() {
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
    ip netns del "$ours" 2>/dev/null || true
    ip netns del "$theirs" 2>/dev/null || true
    rm -rf "$dir" "/etc/netns/$ours"
}
trap cleanup EXIT
ip netns add "$theirs"
ip -n "$ours" link set lo up
ip -n "$theirs" link set lo up

fail() { echo "wire_namespaces: FAILED: $1"; cat "$dir"/*.log; exit 1; }
# FILE PATTERN COUNT: waits up to 60 s for this many lines with the pattern
wait_for() {
    for _ in $(seq 1 600); do
        [ "$(grep -cE "$2" "$dir/$1" 2>/dev/null || true)" -ge "$3" ] && return 0
        sleep 0.1
    done
    fail "$1 never showed $3 x '$2'"
}
link_up() {
    ip link add voltA$$ netns "$ours" type veth peer name voltB$$ netns "$theirs"
    ip -n "$ours" addr add 10.213.7.1/24 dev voltA$$
    ip -n "$theirs" addr add 10.213.7.2/24 dev voltB$$
    ip -n "$ours" link set voltA$$ up
    ip -n "$theirs" link set voltB$$ up
}

ip netns exec "$theirs" /usr/bin/python3 "$here/../drivers/modbus/pymodbus_server.py" 1502 tcp 0.0.0.0 >/dev/null 2>&1 &
children+=($!)
ip netns exec "$ours" "$watch" 10.213.7.2 1502 120 >"$dir/address.log" 2>&1 &
children+=($!)
wait_for address.log '^victron.system failing' 1
echo "link missing at start: seen"
link_up
wait_for address.log '^victron.system ok' 1
echo "link added later: healed"
ip -n "$ours" link set voltA$$ down
wait_for address.log '^victron.system failing' 2
ip -n "$ours" link set voltA$$ up
wait_for address.log '^victron.system ok' 2
echo "link cut and mended: healed"
ip -n "$theirs" link set voltB$$ down
wait_for address.log '^victron.system failing' 3
ip -n "$theirs" link set voltB$$ up
wait_for address.log '^victron.system ok' 3
echo "the other end cut and mended: healed"

# Name server that accepts queries and does not answer until a file exists.
mkdir -p "/etc/netns/$ours"
resolv() { printf 'nameserver 10.213.7.2\noptions %s\n' "$1" >"/etc/netns/$ours/resolv.conf"; }
ip netns exec "$theirs" /usr/bin/python3 "$here/name_server.py" 10.213.7.2 "$dir/answers" &
children+=($!)
resolv 'timeout:30 attempts:5'
ip netns exec "$ours" "$watch" gx.lan 1502 8 >"$dir/name.log" 2>&1 &
children+=($!)
wait_for name.log '^victron.system failing name gx.lan does not resolve' 1
wait_for name.log '^stopped' 1
stopped=$(sed -n 's/^stopped //p' "$dir/name.log")
[ "$stopped" -lt 2000 ] || fail "stopping took $stopped ms while the name server hangs"
echo "a name server that hangs: told, and stopped within $stopped ms"

resolv 'timeout:2 attempts:1'
ip netns exec "$ours" "$watch" gx.lan 1502 120 >"$dir/named.log" 2>&1 &
children+=($!)
wait_for named.log '^victron.system failing name gx.lan does not resolve' 1
touch "$dir/answers"
wait_for named.log '^victron.system ok' 1
echo "a name server that answers at last: healed"
rm "$dir/answers"
ip -n "$ours" link set voltA$$ down
wait_for named.log '^victron.system failing' 2
ip -n "$ours" link set voltA$$ up
wait_for named.log '^victron.system ok' 2
echo "link cut while the name server hangs: healed over the address of before"
