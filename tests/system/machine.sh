# Debians of their own, booted by systemd-nspawn; sourced by scripts that run as root. What is begun here ends with the script.

skip() { echo "skipped: $*"; exit 77; }

pids=() roots=()
end_machines() {
    trap - EXIT INT TERM
    local pid root
    for pid in "${pids[@]}"; do
        kill -TERM "$pid" 2>/dev/null || continue
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$pid" 2>/dev/null || true
    done
    for root in "${roots[@]}"; do rm -rf "$root"; done
    if declare -F end_more >/dev/null; then end_more; fi
}

begin_machines() {  # WORK RELEASE
    work=$1 release=$2
    [ "$(id -u)" -eq 0 ] || skip "booting a Debian needs root"
    local tool
    for tool in systemd-nspawn mmdebstrap nsenter; do command -v $tool >/dev/null || skip "there is no $tool"; done
    trap end_machines EXIT
    trap 'exit 1' INT TERM
    mkdir -p "$work"
    [ ! -s "$work/$release.tar" ] || return 0
    mmdebstrap --format=tar --variant=minbase --include=systemd,systemd-sysv,dbus,mosquitto,mosquitto-clients,sqlite3,procps,util-linux,nftables,python3-dbus,python3-gi \
        "$release" "$work/$release.tar.new" >"$work/base.log" 2>&1 || { tail -5 "$work/base.log"; skip "mmdebstrap makes no Debian here"; }
    mv "$work/$release.tar.new" "$work/$release.tar"
}

make_root() {  # leaves its path in root
    root=$(mktemp -d "$work/root-XXXXXX")
    roots+=("$root")
    chmod 755 "$root"
    tar -C "$root" --exclude='./dev/*' -xf "$work/$release.tar"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    mkdir "$root/packages"
}

fetch_packages() {  # NAMES...: what the packages need is brought now, because a booted Debian has no network
    systemd-nspawn --quiet -D "$root" --register=no --keep-unit --console=pipe \
        sh -c "apt-get update && apt-get install -y --download-only --no-install-recommends $*" \
        </dev/null >"$work/apt.log" 2>&1 || { tail -5 "$work/apt.log"; skip "the packages' dependencies cannot be fetched"; }
}

boot() {  # NAME OPTION...: boots root; leaves the process id of its systemd in leader
    local name=$1 pid; shift
    systemd-nspawn --quiet -D "$root" --machine="$name" --register=no --keep-unit --console=pipe "$@" -b </dev/null >"$work/$name.log" 2>&1 &
    pid=$!
    pids+=("$pid")
    leader=
    for _ in $(seq 300); do
        kill -0 $pid 2>/dev/null || { tail -5 "$work/$name.log"; skip "systemd-nspawn cannot boot here"; }
        leader=$(pgrep -P $pid | head -1 || true)
        [ -n "$leader" ] && [ -S "/proc/$leader/root/run/systemd/private" ] && break
        sleep 0.1
    done
    [ -n "$leader" ] || skip "the Debian does not come up"
    inside "$leader" systemctl is-system-running --wait >"$work/state" 2>&1 || true
    grep -qE 'running|degraded' "$work/state" || { tail -5 "$work/$name.log"; skip "systemd does not come up: $(cat "$work/state")"; }
}

inside() {  # LEADER COMMAND...
    local of=$1; shift
    nsenter -t "$of" -m -u -i -n -p -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}
