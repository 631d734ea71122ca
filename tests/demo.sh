#!/usr/bin/env bash
# Runs a day at the Solar Shack in two minutes: private broker, simulated site, voltd on a fresh database, live view.
# `./dev demo` builds first and runs this. Everything is in one temporary directory and on loopback.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
bin=build
seconds=0
rate=720
start=2025-06-21T05:30

while [ $# -gt 0 ]; do
    case "$1" in
        --for) seconds=${2:?--for needs seconds}; shift 2 ;;
        --bin) bin=${2:?--bin needs a build directory}; shift 2 ;;
        -h | --help) echo "usage: ./dev demo [--for SECONDS]   (without --for it runs until Ctrl-C)"; exit 0 ;;
        *) echo "demo: unknown option '$1'" >&2; exit 2 ;;
    esac
done
[[ "$seconds" =~ ^[0-9]+$ ]] || { echo "demo: --for needs whole seconds, not '$seconds'" >&2; exit 2; }

voltd=$bin/voltd voltctl=$bin/voltctl voltsim=$bin/voltsim
dir=$(mktemp -d "${TMPDIR:-/tmp}/voltd-demo-XXXXXX")
pids=()
cleanup() {
    trap - EXIT INT TERM
    local pid
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill "${pids[i]}" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do
        for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -9 "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 0' INT TERM

fail() { echo "demo: $1" >&2; for log in "$dir"/*.log; do echo "--- $log" >&2; tail -n 20 "$log" >&2; done; exit 1; }
# Waits for a condition, up to 20 s.
await() { local what=$1; shift; for _ in $(seq 200); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; fail "$what"; }

# --- broker, on a free loopback port
broker=$(command -v mosquitto || echo /usr/sbin/mosquitto)
started=0
for _ in $(seq 20); do
    mqtt_port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$mqtt_port") 2>/dev/null && continue
    printf 'listener %d 127.0.0.1\nallow_anonymous true\npersistence false\n' "$mqtt_port" >"$dir/mosquitto.conf"
    "$broker" -c "$dir/mosquitto.conf" >"$dir/mosquitto.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$mqtt_port") 2>/dev/null && { started=1; break; }
        kill -0 "${pids[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    [ $started -eq 1 ] && break
done
[ $started -eq 1 ] || fail "the broker did not start"

# --- site
"$voltsim" --speed $rate --start $start --seed 7 --gx-port 0 --sol-ark-port 0 --tele-period 1 --miner-boot 1 --miner-ramp 2 --broker "127.0.0.1:$mqtt_port" \
    --control "$dir/voltsim.sock" >"$dir/voltsim.log" 2>&1 &
pids+=($!)
await "voltsim did not say its ports" grep -q gx_port "$dir/voltsim.log"
port_of() { sed -nE "s/.*\"$1\": ?([0-9]+).*/\1/p" "$dir/voltsim.log" | head -1; }

# --- controller: the wiring of the example, with shorter holds so that a day fits into two minutes
api_port=$((mqtt_port + 1))
cat >"$dir/voltd.yaml" <<YAML
site: solar-shack
database: $dir/voltd.db
victron: { host: 127.0.0.1, port: $(port_of gx_port), units: { system: 100, battery: 225, vebus: 227 } }
sol_ark: { host: 127.0.0.1, port: $(port_of sol_ark_port), poll_s: 1 }
mqtt: { url: "mqtt://127.0.0.1:$mqtt_port" }
outputs:
  - { id: primary-s21, dialect: tasmota, topic: miner1, meter: true, lease_s: 60 }
  - { id: dump-load-s19-1, dialect: tasmota, topic: miner2, meter: true, lease_s: 60 }
  - { id: heat-room-heater, dialect: tasmota, topic: heaters, channel: 1, lease_s: 60 }
  - { id: main-room-heater, dialect: tasmota, topic: heaters, channel: 2, lease_s: 60 }
  - { id: ac-infinity-1, kind: level, dialect: generic, command_topic: heat-room/fan/level/set, state_topic: heat-room/fan/level,
      availability_topic: heat-room/fan/online, available: "yes", max_level: 10 }
  - { id: ac-infinity-2, kind: level, dialect: generic, command_topic: main-room/fan/level/set, state_topic: main-room/fan/level,
      availability_topic: main-room/fan/online, available: "yes", max_level: 10 }
sensors:
  - { id: heat-room, topic: zigbee2mqtt/heat-room, field: temperature, quantity: temperature }
  - { id: main-room, topic: zigbee2mqtt/main-room, field: temperature, quantity: temperature }
weather: { topic: weather/sunny, field: state, sunny_when: [sunny, clear] }
api: { listen: "127.0.0.1:$api_port", token_file: $dir/token }
control: { commands: live, start_hold_s: 2, stop_hold_s: 2, restart_hold_s: 5, blind_grace_s: 10, start_stagger_s: 3, settle_s: 4,
           confirm_s: 2, start_timeout_s: 8, adopt_timeout_s: 5 }
YAML
"$voltd" --config "$dir/voltd.yaml" --wall-clock "$rate@$start" >"$dir/voltd.log" 2>&1 &
pids+=($!)
await "voltd did not create its database" sqlite3 "$dir/voltd.db" "SELECT 1 FROM miner_profiles LIMIT 1"
# Edit the running database; it takes effect on the next tick. Only the wall clock runs faster here, so the ten minutes of the
# night budget, and the energy of the bridge, would be five days of the site. A reserve protects the night instead.
sqlite3 "$dir/voltd.db" ".timeout 5000" \
    "UPDATE miner_profiles SET min_on_s = 5, min_off_s = 3, max_starts_per_hour = 60; UPDATE user_preferences SET reserve_voltage = 48.5, bridge_wh = 0" || fail "the settings could not be edited"
await "voltd does not answer" "$voltctl" --config "$dir/voltd.yaml" status

# --- events of such a day besides the sun: a cloud, and an inverter that stops answering
tell() { "$voltsim" "$@" --control "$dir/voltsim.sock" >>"$dir/tell.log" 2>&1 || true; }
(
    sleep 26; tell set pv 1500
    sleep 4;  tell set pv auto
    sleep 16; tell fault sol_ark silent 12
) &
pids+=($!)

# Open the page with a code that works once.
page=$("$voltctl" --config "$dir/voltd.yaml" login --json) || fail "voltd gave no code for its page"
code=$(sed -nE 's/.*"code": ?"([A-Z0-9]+)".*/\1/p' <<<"$page")
# Keep it visible: the live view uses the alternate screen.
note="The page: http://127.0.0.1:$api_port/   code $code (works once, for 10 minutes)   Ctrl-C ends the demo"

watch=("$voltctl" --config "$dir/voltd.yaml" watch --note "$note")
[ "$seconds" -gt 0 ] && watch+=(--for "$seconds")
"${watch[@]}"
