#!/bin/sh
# Checks the services' sandboxes: systemd rates voltd's exposure at most 1.2, and no unit has a directive that systemd 252 does
# not know.
# Exit 77: skipped.
set -eu
units=$(dirname "$(readlink -f "$0")")/../../systemd
unit=$units/voltd.service
command -v systemd-analyze >/dev/null || { echo "skipped: there is no systemd-analyze here"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

systemd-analyze security --offline=true --threshold=12 --no-pager "$unit" >"$dir/exposure" 2>&1 || {
    grep -v '✓' "$dir/exposure"
    echo "failed: more exposed than 1.2"
    exit 1
}
grep 'Overall exposure' "$dir/exposure"

# Share of the processor on a busy machine, ahead of other services.
grep -q '^CPUWeight=500$' "$unit" || { echo "failed: no CPUWeight=500"; exit 1; }

# The thread of what-if may set SCHED_IDLE: the permission must follow the denial that contains it, else the kernel silently refuses.
denied=$(grep -n '^SystemCallFilter=~.*@resources' "$unit" | tail -1 | cut -d: -f1)
allowed=$(grep -n '^SystemCallFilter=sched_setscheduler$' "$unit" | tail -1 | cut -d: -f1)
[ "${allowed:-0}" -gt "${denied:-0}" ] || { echo "failed: sched_setscheduler is not allowed"; exit 1; }

# The weekly backup runs as root, because it writes to any stick. Everything else is blocked for it.
systemd-analyze security --offline=true --threshold=20 --no-pager "$units/voltd-backup.service" >"$dir/exposure" 2>&1 || {
    grep -v '✓' "$dir/exposure"
    echo "failed: the backup is more exposed than 2.0"
    exit 1
}
grep 'Overall exposure' "$dir/exposure"
grep -qx 'ExecStart=/usr/bin/voltctl backup --scheduled' "$units/voltd-backup.service" || { echo "failed: the backup's command"; exit 1; }

# volt-agent talks to a model. It is equally isolated, and cannot reach voltd's socket in any way.
systemd-analyze security --offline=true --threshold=15 --no-pager "$units/volt-agent.service" >"$dir/exposure" 2>&1 || {
    grep -v '✓' "$dir/exposure"
    echo "failed: volt-agent is more exposed than 1.5"
    exit 1
}
grep 'Overall exposure' "$dir/exposure"
for line in 'InaccessiblePaths=/run/voltd' 'RestrictAddressFamilies=AF_INET AF_INET6' 'User=volt-agent' 'Group=volt-agent' 'ExecStart=/usr/bin/volt-agent serve' \
    'Environment=VOLT_BOOT_ID=%b' "ExecStartPre=-+/bin/sh -c '/usr/bin/volt-agent firewall | /usr/sbin/nft -f -'"; do
    grep -qxF "$line" "$units/volt-agent.service" || { echo "failed: volt-agent has no $line"; exit 1; }
done

# It is not in the owners' group, either by the unit or by sysusers.d, and may not write what it reads there.
if grep -E '^SupplementaryGroups=|^StateDirectory=|^RuntimeDirectory=' "$units/volt-agent.service"; then
    echo "failed: volt-agent gets a group besides its own, or its folders are taken from the group voltd"
    exit 1
fi
if grep -E '^a\+ /etc/volt-agent .*d:' "$units/volt-agent.tmpfiles"; then echo "failed: what root puts into /etc/volt-agent loses its umask"; exit 1; fi
if grep -E '^m ' "$units/volt-agent.sysusers"; then echo "failed: volt-agent joins a group"; exit 1; fi
if grep -E '^a\+ /(etc|var/lib/voltd).*u:volt-agent:[^ ,]*w' "$units/volt-agent.tmpfiles"; then
    echo "failed: volt-agent may write to what is voltd's"
    exit 1
fi
for line in 'a+ /var/lib/voltd - - - - u:volt-agent:x,d:u:volt-agent:r,d:m::rwx' 'a+ /etc/volt-agent/voltd.key - - - - u:volt-agent:r'; do
    grep -qxF "$line" "$units/volt-agent.tmpfiles" || { echo "failed: tmpfiles.d has no $line"; exit 1; }
done

# volt-agent does not start without the directory that it hides.
grep -qx 'd /run/voltd 0750 voltd voltd -' "$units/volt-agent.tmpfiles" || { echo "failed: nothing makes /run/voltd"; exit 1; }

# The check of the directives does not need the programs.
for name in voltd.service voltd-backup.service voltd-backup.timer volt-agent.service; do
    sed -E 's,=/usr/bin/volt(d|ctl|-agent) .*,=/bin/true,' "$units/$name" >"$dir/$name"
done
systemd-analyze verify --man=no "$dir/voltd.service" "$dir/voltd-backup.timer" "$dir/voltd-backup.service" "$dir/volt-agent.service" >"$dir/said" 2>&1 || true
if grep -E 'volt(d|d-backup|-agent)\.(service|timer)' "$dir/said"; then
    echo "failed: systemd does not understand the units"
    exit 1
fi

# Every package action on a unit applies to each enabled one.
for name in voltd.service voltd-backup.timer; do
    for script in postinst prerm postrm; do
        grep -q "$name" "$units/package/$script" || { echo "failed: $script does not know $name"; exit 1; }
    done
done
for script in postinst prerm postrm; do
    grep -q volt-agent.service "$units/package/agent/$script" || { echo "failed: agent/$script does not know volt-agent.service"; exit 1; }
done
grep -q 'voltd-backup.service .*voltd-backup.timer' "$units/sources.cmake" || { echo "failed: the backup's units are not installed"; exit 1; }
