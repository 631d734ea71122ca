#!/usr/bin/env bash
# Runs as root inside the Debian that boot.sh has booted. Tests the package step by step, like an owner.
set -uo pipefail

passed=0 failed=0
ok() { passed=$((passed + 1)); echo "ok      $1"; }
bad() { failed=$((failed + 1)); echo "FAILED  $1"; }
check() { local what=$1; shift; if "$@" >/tmp/said 2>&1; then ok "$what"; else bad "$what"; tail -5 /tmp/said; fi; }
check_not() { local what=$1; shift; if "$@" >/tmp/said 2>&1; then bad "$what"; tail -5 /tmp/said; else ok "$what"; fi; }
# Waits up to 60 s for a condition.
eventually() {
    local limit=$((SECONDS + 60))
    while [ $SECONDS -lt $limit ]; do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done
    "$@"
}
comes() { local what=$1; shift; check "$what" eventually "$@"; }

journal() { journalctl -u voltd -o cat --no-pager "$@"; }
journal_has() { journal | grep -- "$1" >/dev/null; }  # not -q, which would end the pipe early, and the journal with it
main_pid() { systemctl show voltd -p MainPID --value; }
another_pid() { local now; now=$(main_pid); [ "$now" != 0 ] && [ "$now" != "$1" ] && systemctl is-active -q voltd; }
retained() { timeout 3 mosquitto_sub -h 127.0.0.1 -p 1883 -C 1 -W 2 -t "voltd/yard/$1" 2>/dev/null; }
topic_has() { retained "$1" | grep -q -- "$2"; }
state_of() { sqlite3 -cmd '.timeout 5000' /var/lib/voltd/voltd.db "$1"; }
orders() { grep -c "^cmnd/miner1/POWER[0-9]* $1" /tmp/heard; }
status_line() { systemctl status voltd --no-pager | grep -E "Status: .*$1"; }

echo "== installed by apt, no configuration yet"
check "apt installs the package with its dependencies" apt-get install -y --no-install-recommends /packages/voltd.deb
[ $failed -eq 0 ] || exit 1
check "the service is enabled" systemctl is-enabled voltd
check "nothing of the fleet is on" sh -c "! systemctl is-enabled voltd-fleet voltd-fleet-texts.timer voltd-vmalert"
check "the user exists" getent passwd voltd
check "the programs answer" sh -c 'voltd --version && voltctl --help && voltsim --version'
check_not "it does not start without a configuration" systemctl start voltd
check "and is not started over and over" sh -c 'sleep 4; [ "$(systemctl show voltd -p NRestarts --value)" = 0 ] && systemctl is-failed voltd'
check "the journal says what to do" journal_has 'sudo voltctl init'
check "the example is a conffile" sh -c 'dpkg-query -W -f "\${Conffiles}" voltd | grep -q voltd.example.yaml'

echo "== a broker with a password, a simulated site"
cat >/etc/mosquitto/conf.d/yard.conf <<'CONF'
per_listener_settings true
listener 1883 127.0.0.1
allow_anonymous true
listener 1884 127.0.0.1
allow_anonymous false
password_file /etc/mosquitto/yard.passwords
CONF
mosquitto_passwd -c -b /etc/mosquitto/yard.passwords voltd sesame 2>/dev/null
chown mosquitto /etc/mosquitto/yard.passwords
systemctl restart mosquitto
mkdir -p /etc/credstore
(umask 077; printf 'sesame\n' >/etc/credstore/voltd.mqtt.password)
simulate() {  # NAME of the transient unit
    systemd-run -q --collect --unit="$1" voltsim --gx-port 5020 --sol-ark-port 5021 --broker 127.0.0.1:1883 --miner-boot 1 --miner-ramp 1 \
        --tele-period 2 --hold voltage=52.30 --hold pv=8450 --hold load=1850 --hold weather=sunny
}
simulate voltsim
# Clock that the sandbox may query: not synchronized yet.
cat >/etc/dbus-1/system.d/timedate-test.conf <<'CONF'
<busconfig><policy user="root"><allow own="org.freedesktop.timedate1"/></policy></busconfig>
CONF
systemctl reload dbus
systemd-run -q --collect --unit=timedate-test python3 /packages/timedate.py /tmp/synchronised
# Do not let the bus start it: that would be Debian's own, which then holds the name.
comes "a timedated of the test's own" busctl --auto-start=no get-property org.freedesktop.timedate1 /org/freedesktop/timedate1 \
    org.freedesktop.timedate1 NTPSynchronized
rm -f /tmp/synchronised.asked  # from here on voltd queries it
systemd-run -q --collect --unit=listener sh -c 'exec mosquitto_sub -h 127.0.0.1 -p 1883 -v -t "#" >/tmp/heard'
cat >/etc/voltd/voltd.yaml <<'YAML'
site: yard
database: /var/lib/voltd/voltd.db
victron: { host: 127.0.0.1, port: 5020, units: { system: 100, battery: 225 } }
sol_ark: { host: 127.0.0.1, port: 5021, poll_s: 1 }
mqtt: { url: "mqtt://127.0.0.1:1884", username: voltd, password_file: /etc/voltd/mqtt.password }
outputs:
  - { id: primary-s21, dialect: tasmota, topic: miner1, meter: true, lease_s: 300 }
  - { id: dump-load-s19-1, dialect: tasmota, topic: miner2, meter: true, lease_s: 300 }
sensors: [ { id: heat-room, topic: zigbee2mqtt/heat-room, field: temperature, quantity: temperature } ]
control: { start_hold_s: 2, settle_s: 2, start_stagger_s: 2, start_timeout_s: 10, adopt_timeout_s: 10 }
YAML
mkdir -p /etc/systemd/system/voltd.service.d
printf '[Service]\nWatchdogSec=6\n' >/etc/systemd/system/voltd.service.d/quick.conf
systemctl daemon-reload
check "the configuration is sound" voltd --check
touch /tmp/before-start
check "the service starts and is ready" systemctl start voltd
check "it is active" systemctl is-active voltd
comes "the password came as a credential, topics are there" topic_has status online
comes "the battery is read" topic_has battery '"voltage_v":52.3'
check "no time yet: the clock is not trusted" topic_has site '"clock_trusted":false'
comes "though asked by the bus" test -s /tmp/synchronised.asked
touch /tmp/synchronised
useradd -m pi && usermod -aG voltd pi
check "a member of the group edits settings" runuser -u pi -- voltctl miners set primary-s21-revenue min_off_s=1 min_on_s=1
check_not "somebody else does not" runuser -u nobody -- voltctl miners set primary-s21-revenue min_off_s=2
comes "the miner is on" topic_has miner/primary-s21-revenue '"state":"on"'
check "a member of the group reads the state" runuser -u pi -- voltctl status
comes "the status line has voltage, stage and loads" status_line '52\.[23][0-9] V.*optimal.*Primary S21'
check "the journal can be filtered by load" sh -c 'journalctl -o cat --no-pager VOLT_LOAD=primary-s21-revenue | grep -q S21'
check "and by reason" sh -c '[ -n "$(journalctl -F VOLT_REASON)" ]'
check "watchdog and credential are on" sh -c 'grep -qz WATCHDOG_USEC /proc/'"$(main_pid)"'/environ && grep -qz CREDENTIALS_DIRECTORY /proc/'"$(main_pid)"'/environ'

echo "== volt-agent, tried from inside its own unit"
check "apt installs it" apt-get install -y --no-install-recommends /packages/voltd-agent.deb
check "its key is there" test -s /etc/volt-agent/voltd.key
check_not "it is off" systemctl is-enabled volt-agent
systemctl start volt-agent
check_not "and does not start without agent.yaml" systemctl is-active volt-agent
printf 'http: { listen: 127.0.0.1:8481, token_file: /run/volt-agent/token }\n' >/etc/volt-agent/agent.yaml
check "a member of the group voltd adds a document" runuser -u pi -- \
    sh -c "printf '# Yard\n\nThe spare dongle is in the blue box.\n' >/var/lib/volt-agent/documents/yard.md"
as_agent() { runuser -u volt-agent -- "$@"; }
check "without its sandbox volt-agent reads voltd.db" as_agent sqlite3 'file:/var/lib/voltd/voltd.db?mode=ro' 'SELECT count(*) FROM relay_commands'
check "and its key" as_agent grep -q . /etc/volt-agent/voltd.key
check_not "it writes no setting" as_agent sqlite3 -cmd '.timeout 5000' /var/lib/voltd/voltd.db 'UPDATE miners SET min_off_s = 2'
check_not "nor a file beside it" as_agent touch /var/lib/voltd/trial
check_not "nor the key" as_agent sh -c 'echo x >/etc/volt-agent/voltd.key'
check_not "it does not open voltd's socket" as_agent python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("/run/voltd/api.sock")'
check_not "nor read the owner's token" as_agent cat /run/voltd/token
check_not "it is not in the group voltd" sh -c 'id -nG volt-agent | grep -qw voltd'
check "the group voltd still shares voltd's files" runuser -u pi -- voltctl miners set primary-s21-revenue min_off_s=1
mkdir -p /etc/systemd/system/volt-agent.service.d
printf '[Service]\nExecStartPre=/usr/bin/python3 /packages/agent_trial.py sandbox\n' >/etc/systemd/system/volt-agent.service.d/trial.conf
systemctl daemon-reload
check "it starts" systemctl start volt-agent
comes "the trials have ended" sh -c "journalctl -u volt-agent -o cat --no-pager | grep ' sandbox: its own store'"
trials=$(journalctl -u volt-agent -o cat --no-pager | grep ' sandbox: ')
while read -r verdict what; do
    if [ "$verdict" = ok ]; then ok "$what"; else bad "$what"; fi
done <<<"${trials:-FAILED sandbox: nothing was tried}"
check "doctor fails: the broker lets in anyone" sh -c 'voltctl doctor broker | grep -q "port 1883 lets in anyone"'
comes "it answers, with the site's voltage and a document" python3 /packages/agent_trial.py served
check "systemd measures at most 1.5" systemd-analyze security --no-pager --threshold=15 volt-agent
check "a member of the group voltd reads its token" runuser -u pi -- test -r /run/volt-agent/token
systemctl stop volt-agent
check "and the token ends with it" test ! -e /run/volt-agent/token
rm -r /etc/systemd/system/volt-agent.service.d /var/lib/volt-agent/documents/yard.md
check "apt purges it" apt-get purge -y voltd-agent
check "nothing of it is left" sh -c '! ls -d /etc/volt-agent /var/lib/volt-agent /run/volt-agent 2>/dev/null'

echo "== reload"
offs=$(orders OFF)
check "systemctl reload" systemctl reload voltd
comes "is told in the journal" journal_has 'was reloaded'
check "and leaves the process" systemctl is-active voltd
cp /etc/voltd/voltd.yaml /tmp/good.yaml
check "the file in force is kept" cmp /etc/voltd/voltd.yaml /var/lib/voltd/voltd.yaml.good
echo 'victrom: {}' >>/etc/voltd/voltd.yaml
check_not "systemctl reload fails on a bad file" systemctl reload voltd
comes "a bad file raises an alarm, the running configuration goes on" topic_has alarm/config_rejected victrom
before=$(main_pid)
kill -KILL "$before"
comes "kill -9 with the bad file: it is back" another_pid "$before"
comes "with the last good one and a critical alarm" topic_has alarm/config_rejected '"critical"'
cp /tmp/good.yaml /etc/voltd/voltd.yaml
systemctl reload voltd
check "still active" systemctl is-active voltd

echo "== ends without order: loads untouched"
before=$(main_pid)
kill -STOP "$before"
comes "SIGSTOP: the watchdog ends it, it is back" another_pid "$before"
before=$(main_pid)
comes "the clock, synchronised meanwhile, is trusted inside the sandbox" topic_has site '"clock_trusted":true'
comes "the miner's relay is taken as it is" topic_has miner/primary-s21-revenue '"state":"on"'
kill -KILL "$before"
comes "kill -9: it is back" another_pid "$before"
sleep 5
comes "the miner is on as before" topic_has miner/primary-s21-revenue '"state":"on"'
check "no OFF was sent" test "$(orders OFF)" = "$offs"

echo "== upgrade over the running daemon"
before=$(main_pid) offs=$(orders OFF)
check "dpkg installs the newer package" dpkg -i /packages/newer.deb
check "another process runs, of the new package" another_pid "$before"
comes "the miner stayed on" topic_has miner/primary-s21-revenue '"state":"on"'
check "no OFF was sent" test "$(orders OFF)" = "$offs"
check "an orderly restart was not counted" sh -c '[ "$(grep -c ^end /run/voltd/unorderly-ends)" = 2 ]'

echo "== a crash loop"
for _ in 1 2 3 4 5; do
    before=$(main_pid)
    kill -KILL "$before"
    eventually another_pid "$before"
done
comes "safe mode: the alarm stands" topic_has alarm/safe_mode 'safe-mode end'
comes "the journal tells" journal_has 'Safe mode: '
comes "what was on goes on" topic_has miner/primary-s21-revenue '"state":"on"'
mosquitto_pub -h 127.0.0.1 -p 1883 -t cmnd/miner1/POWER -m OFF
comes "a hand at the relay is adopted" topic_has miner/primary-s21-revenue '"reason":"override_off"'
mosquitto_pub -h 127.0.0.1 -p 1883 -t voltd/yard/miner/primary-s21-revenue/set -m auto
comes "what went off stays off, and says why" topic_has miner/primary-s21-revenue '"reason":"safe_mode"'
check "voltctl safe-mode end" voltctl safe-mode end
comes "safe mode has ended" journal_has 'Safe mode was ended'
sleep 3
check_not "and its alarm is gone" topic_has alarm/safe_mode since

echo "== orderly end"
check "systemctl stop" systemctl stop voltd
check "in order, code 0" sh -c 'systemctl show voltd -p ExecMainStatus --value | grep -qx 0 && systemctl show voltd -p Result --value | grep -qx success'
comes "the broker has it offline" topic_has status offline

echo "== an upgrade leaves stopped what the owner stopped"
check "dpkg installs it again" dpkg -i /packages/newer.deb
check_not "voltd is not started" systemctl is-active voltd
check "and no mark of it stays" test ! -e /run/voltd-stopped-by-owner

echo "== no network, no broker, no devices; they come later"
systemctl stop mosquitto voltsim
offs=$(orders OFF)
check "it starts anyway" systemctl start voltd
sleep 8
check "and runs" systemctl is-active voltd
systemctl start mosquitto
simulate voltsim-again
comes "healed: topics" topic_has status online
comes "healed: the battery" topic_has battery '"voltage_v":52.3'
comes "the miner starts" topic_has miner/primary-s21-revenue '"state":"on"'

echo "== the card"
# Files that systemd, the broker and this script write are theirs.
written=$(find / -xdev -newer /tmp/before-start -type f \( -user voltd -o -group voltd \) -not -path '/var/lib/voltd/*' 2>/dev/null)
check "no file written but in the state directory" test -z "$written"
[ -z "$written" ] || echo "$written"
systemctl stop voltd
mkdir -p /data && mount -t tmpfs tmpfs /data && mkdir /data/voltd && chown voltd:voltd /data/voltd
sed -i 's|^database: .*|database: /data/voltd/voltd.db|' /etc/voltd/voltd.yaml
printf '[Service]\nStateDirectory=\nReadWritePaths=/data/voltd\n' >/etc/systemd/system/voltd.service.d/data.conf
systemctl daemon-reload
check "its database elsewhere: it starts where the whole root is read-only to it" systemctl start voltd
check "and so is its former state directory" sh -c '! nsenter -t '"$(main_pid)"' -m touch /var/lib/voltd/x'
comes "the miner is seen" topic_has miner/primary-s21-revenue '"state"'
check "the database is there" test -s /data/voltd/voltd.db
check "active" systemctl is-active voltd
systemctl stop voltd
sed -i 's|^database: .*|database: /data/votld/voltd.db|' /etc/voltd/voltd.yaml
check_not "a misspelt directory begins no new site" systemctl start voltd
check "the journal says so" journal_has 'directory /data/votld does not exist'
check "and nothing was made there" test ! -e /data/votld
systemctl reset-failed voltd
sed -i 's|^database: .*|database: /var/lib/voltd/voltd.db|' /etc/voltd/voltd.yaml
rm -r /etc/systemd/system/voltd.service.d
systemctl daemon-reload

echo "== a dead card"
mkdir -p /media/stick/voltd
printf 'backup: { to: /media/stick/voltd }\n' >>/etc/voltd/voltd.yaml
systemctl start voltd
comes "the miner is seen again" topic_has miner/primary-s21-revenue '"state"'
check "the weekly timer waits" systemctl is-active voltd-backup.timer
check "and is enabled" systemctl is-enabled voltd-backup.timer
check "the service makes a backup from inside its sandbox" systemctl start voltd-backup.service
check "there is one file" sh -c '[ "$(ls /media/stick/voltd | wc -l)" = 1 ]'
check "voltd knows of it" test "$(state_of 'SELECT count(*) FROM backups WHERE error IS NULL')" = 1
check "with the password, readable by root alone" sh -c 'voltctl backup --with-secrets /root/site.tar.gz && [ "$(stat -c %a /root/site.tar.gz)" = 600 ]'
check_not "no restore while voltd runs" voltctl restore --replace /root/site.tar.gz
systemctl kill -s KILL voltd; systemctl stop voltd
mosquitto_pub -h 127.0.0.1 -p 1883 -r -t voltd/yard/status -m online
rm -rf /var/lib/voltd /etc/voltd/voltd.yaml /etc/credstore/voltd.mqtt.password
check_not "nor while another voltd runs the site" voltctl restore /root/site.tar.gz
check "and nothing was changed" sh -c '! ls -d /var/lib/voltd /etc/voltd/voltd.yaml /etc/credstore/voltd.mqtt.password 2>/dev/null'
mosquitto_pub -h 127.0.0.1 -p 1883 -r -t voltd/yard/status -m offline
begun=$SECONDS offs=$(orders OFF)
check "restore" voltctl restore /root/site.tar.gz
check "the password is root's" test "$(stat -c '%U %a' /etc/credstore/voltd.mqtt.password)" = "root 600"
check "the database is voltd's" test "$(stat -c '%U:%G' /var/lib/voltd /var/lib/voltd/voltd.db | sort -u)" = voltd:voltd
check "voltd starts" systemctl start voltd
comes "the battery is read" topic_has battery '"voltage_v":52.3'
comes "and the miner is as it was" topic_has miner/primary-s21-revenue '"state"'
check "within 120 s" test $((SECONDS - begun)) -le 120
check "without an OFF" test "$(orders OFF)" = "$offs"
systemctl stop voltd

echo "== remove, purge"
systemctl start voltd
check "apt removes" apt-get remove -y voltd
cp /tmp/said /tmp/removed
check "and says that what is on stays on" grep -q 'stay as they are' /tmp/removed
check_not "the service is stopped" systemctl is-active voltd
check "settings and configuration stay" test -s /var/lib/voltd/voltd.db -a -s /etc/voltd/voltd.yaml
check "apt purges" apt-get purge -y voltd
check "nothing is left" sh -c '! ls -d /var/lib/voltd /var/lib/voltd-fleet /etc/voltd /run/voltd /etc/credstore/voltd.mqtt.password /etc/systemd/system/*/voltd.service /var/lib/systemd/deb-systemd-helper-enabled/voltd* /var/lib/systemd/timers/stamp-voltd-backup.timer /etc/systemd/system/*/voltd-backup.timer 2>/dev/null'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
