#!/usr/bin/env bash
# Boots two bare Debians, a hub and a site, and types what systemd/fleet.md says: boot.sh VOLTD.deb WORK_DIRECTORY RELEASE
# They share a wire of their own, without network to the outside. Exit 77: skipped, with the reason.
set -uo pipefail
package=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
page=$(readlink -f "$here/../../systemd/fleet.md")
. "$here/../system/machine.sh"
begin_machines "$(realpath -m "$2")" "$3"

passed=0 failed=0
ok() { passed=$((passed + 1)); echo "ok      $1"; }
bad() { failed=$((failed + 1)); echo "FAILED  $1"; }
check() { local what=$1; shift; if "$@" >"$work/said" 2>&1; then ok "$what"; else bad "$what"; tail -5 "$work/said"; fi; }
check_not() { local what=$1; shift; if "$@" >"$work/said" 2>&1; then bad "$what"; tail -5 "$work/said"; else ok "$what"; fi; }
eventually() {  # a condition that must come true within SECONDS
    local limit=$((SECONDS + $1)); shift
    while [ $SECONDS -lt $limit ]; do "$@" >/dev/null 2>&1 && return 0; sleep 1; done
    "$@"
}

# A wire between two network namespaces.
hub_net=voltd-hub-$$ site_net=voltd-site-$$
end_more() { ip netns del $hub_net 2>/dev/null; ip netns del $site_net 2>/dev/null; }
ip netns add $hub_net && ip netns add $site_net && ip -n $hub_net link add wire type veth peer name wire netns $site_net ||
    skip "no network namespaces here"
for end in "$hub_net 10.77.0.1" "$site_net 10.77.0.2"; do
    set -- $end
    ip -n "$1" addr add "$2/24" dev wire && ip -n "$1" link set wire up && ip -n "$1" link set lo up
done

typed() {  # BLOCK OF THE PAGE, FIRST LINE, LAST LINE: its commands as they stand
    awk -v block="$1" '/^```/ { fences++; next } fences == 2 * block - 1' "$page" | sed -n "$2,$3p"
}
prepare() {  # NAME: what a person has who follows the page: sudo, a yes to apt, voltd's package
    mkdir -p "$root/usr/local/bin"
    printf '#!/bin/sh\nexec "$@"\n' >"$root/usr/local/bin/sudo"
    chmod 755 "$root/usr/local/bin/sudo"
    echo 'APT::Get::Assume-Yes "true";' >"$root/etc/apt/apt.conf.d/yes"
    cp "$package" "$root/root/"
    echo "10.77.0.1 hub.example" >>"$root/etc/hosts"
}
as_typed() {  # LEADER: runs the commands of standard input, and stops at the first that fails
    { echo 'set -e; export PATH=/usr/local/bin:$PATH; cd /root'; cat; } >"$work/typed"
    inside "$1" bash -s <"$work/typed"
}
blocks='1 = the picture, 2 = the hub, 3 = questions to it, 4 = a site, 5 = backup, 6 = removal'
[ "$(grep -c '^```' "$page")" = 12 ] || { echo "FAILED  the page has other blocks than: $blocks"; exit 1; }

echo "== two bare Debians"
make_root
hub_root=$root
prepare
fetch_packages "/root/$(basename "$package")" nginx victoria-metrics prometheus-alertmanager openssl curl jq
make_root
site_root=$root
prepare
fetch_packages "/root/$(basename "$package")" victoria-metrics curl openssl
root=$hub_root
boot voltd-hub --network-namespace-path=/run/netns/$hub_net
hub=$leader
root=$site_root
boot voltd-site --network-namespace-path=/run/netns/$site_net
site=$leader
on_hub() { inside "$hub" "$@"; }
on_site() { inside "$site" "$@"; }
asked() { typed 3 "$1" "$1" | as_typed "$hub"; }
answers() { asked "$1" | grep -q -- "$2"; }

echo "== a site that runs, as its owner has it"
check "voltd is installed" on_site apt-get install -y --no-install-recommends "/root/$(basename "$package")"
on_site systemd-run -q --collect --unit=voltsim voltsim --gx-port 5020 --sol-ark-port 5021 --broker 127.0.0.1:1883 --hold voltage=52.30 --hold pv=8450 --hold load=1850
cat >"$site_root/etc/voltd/voltd.yaml" <<'YAML'
site: yard
database: /var/lib/voltd/voltd.db
victron: { host: 127.0.0.1, port: 5020, units: { system: 100, battery: 225 } }
sol_ark: { host: 127.0.0.1, port: 5021, poll_s: 1 }
mqtt: { url: "mqtt://127.0.0.1:1883" }
outputs:
  - { id: primary-s21, dialect: tasmota, topic: miner1, meter: true, lease_s: 300 }
control: { clock: trusted }
YAML
check "voltd starts" on_site systemctl start voltd
on_site runuser -u voltd -- sqlite3 -cmd '.timeout 5000' /var/lib/voltd/voltd.db "INSERT INTO decisions (at, load, \"from\", \"to\", reason, text, inputs, gates) VALUES
    ((unixepoch('now', 'start of day') - 3600) * 1000, 'primary-s21-revenue', 'off', 'on', 'running', 'a decision of yesterday', '{}', '[]')"
check_not "nothing of the fleet is on" on_site systemctl is-enabled voltd-fleet voltd-fleet-texts.timer voltd-vmalert
check "doctor has nothing bad to say of it" sh -c "[ -z \"\$(nsenter -t $site -m -p -n voltctl doctor fleet --json | grep -E '\"(warn|fail)\", *\"text')\" ]"
before=$(nsenter -t $site -n ss -Hltn | awk '{print $4}' | sort)

echo "== the hub, as typed"
typed 2 1 8 | as_typed "$hub" >"$work/hub.said" 2>&1 && ok "the first eight commands" || { bad "the first eight commands"; tail -5 "$work/hub.said"; }

echo "== the site, as typed"
cp "$hub_root/etc/voltd-hub/hub.crt" "$site_root/root/"
typed 4 1 3 | as_typed "$site" >"$work/site.said" 2>&1 && ok "its three commands" || { bad "its three commands"; tail -5 "$work/site.said"; }
line=$(sed -n 's/^For the hub: \(.*;\)$/\1/p' "$work/site.said")
check "the line for the hub: $line" grep -qE '^[0-9a-f]{40} yard;$' <<<"$line"
typed 2 10 10 | as_typed "$hub" >/dev/null 2>&1  # nginx with the hub's file, and no site in its list
check "not admitted yet: doctor says so" eventually 150 sh -c "nsenter -t $site -m -p -n voltctl doctor fleet | grep -q 'the hub refuses this site'"
typed 2 9 10 | sed "s/FINGERPRINT SITE;/$line/" | as_typed "$hub" >"$work/hub.said" 2>&1 && ok "the last two of the hub" || { bad "the last two of the hub"; tail -5 "$work/hub.said"; }
check "nginx, store, alerts run" on_hub systemctl is-active nginx victoria-metrics prometheus-alertmanager voltd-vmalert

echo "== what the operator sees"
check "the site's voltage" eventually 200 answers 1 'yard 52\.[23]'
check "the texts are sent" on_site systemctl start voltd-fleet-texts
check "yesterday's decisions" answers 3 'a decision of yesterday'
on_site systemctl stop voltsim
on_site systemd-run -q --collect --unit=voltsim-low voltsim --gx-port 5020 --sol-ark-port 5021 --broker 127.0.0.1:1883 --hold voltage=45.00 --hold pv=0 --hold load=1850
check "its alarm" eventually 250 answers 2 'VoltdCritical'
check "what was refused is logged with the fingerprint" grep -q "${line%% *}" "$hub_root/var/log/nginx/fleet.log"
check "doctor is content" eventually 240 sh -c "[ \$(nsenter -t $site -m -p -n voltctl doctor fleet --json | grep -c '\"state\": *\"ok\"') = 4 ]"

echo "== no way in"
after=$(nsenter -t $site -n ss -Hltn | awk '{print $4}' | sort)
check "the site opened no port" test "$before" = "$after"
open_ports=$(nsenter -t $hub -n ss -Hltn | awk '{print $4}' | grep -vE '^(127\.|\[::1\])' | sed 's/.*://' | sort -un | tr '\n' ' ')
check "the hub opens nginx to others, and nothing else: $open_ports" test "$open_ports" = "80 8443 "
for unit in voltd-fleet voltd-fleet-texts; do check "systemd measures at most 1.6 for $unit" on_site systemd-analyze security --no-pager --threshold=16 $unit; done
check "the agent's user is not in the group voltd" sh -c "! nsenter -t $site -m -p id -nG voltd-fleet | tr ' ' '\n' | grep -qx voltd"
check "its key may only look" sh -c "nsenter -t $site -m -p -n voltctl key list | grep -E '^voltd-fleet +program +view'"
check "and is in memory only" sh -c "test -s $site_root/proc/1 || nsenter -t $site -m -p test -s /run/voltd-fleet/view.key && ! ls $site_root/var/lib/voltd-fleet/*.key 2>/dev/null"
check "its private key is root's" test "$(on_site stat -c '%U %a' /etc/voltd/fleet/site.key)" = "root 600"

echo "== restarts"
for _ in 1 2 3; do on_site systemctl restart voltd-fleet; done
check "each start makes the key anew: there is one" test "$(on_site voltctl key list | grep -c '^voltd-fleet ')" = 1
on_site sed -i 's/^#KEEP/KEEP/' /etc/voltd/fleet/hub.env  # from here on the short list
on_site systemctl stop voltd
on_site systemctl restart voltd-fleet
check "without voltd the agent runs by the key before" eventually 60 on_site systemctl is-active voltd-fleet
on_site systemctl start voltd
old=${pids[-1]}
kill -TERM "$old"
for _ in $(seq 300); do kill -0 "$old" 2>/dev/null || break; sleep 0.1; done
root=$site_root
boot voltd-site --network-namespace-path=/run/netns/$site_net
site=$leader
booted=$(date +%s)
check "after a boot it runs again" eventually 90 on_site systemctl is-active voltd-fleet voltd-fleet-texts.timer
finds() { on_hub curl -sG --data-urlencode "query=$1" http://127.0.0.1:8428/api/v1/query | grep -q '"value"'; }
check "and is heard" eventually 200 finds "max(tlast_over_time(voltd_up[1h])) > $booted"
check "with the short list alone" finds "max(tlast_over_time(voltd_site_mode[1h])) < $booted"

echo "== removed, as typed"
typed 6 1 3 | sed 's/site-1/yard/' | as_typed "$hub" >"$work/hub.said" 2>&1 && ok "the site's line, values and texts" || { bad "the site's line, values and texts"; tail -5 "$work/hub.said"; }
check "nothing of it is left" sh -c "! ls -d $hub_root/var/lib/voltd-hub/text/yard 2>/dev/null && ! grep -q yard $hub_root/etc/voltd-hub/sites"
check_not "and its values are gone" answers 1 yard
check "apt purges voltd" on_site apt-get purge -y voltd
check "nothing of the fleet is left on the site" on_site sh -c '! ls -d /var/lib/voltd-fleet /etc/voltd /run/voltd-fleet /etc/systemd/system/*/voltd-fleet* 2>/dev/null'

echo "$passed passed, $failed failed ($release, booted)"
[ $failed -eq 0 ]
