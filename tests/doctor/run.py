#!/usr/bin/env python3
"""run.py BUILD [NAME ...]: tests `voltctl doctor` on a healthy site, then on one bad site for each fault. NAME: only cases with this in their name."""
import argparse
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time

import doctorsite
from doctorsite import wait

bad = ("fail", "warn")
cases = []


def case(function):
    cases.append(function)
    return function


def expect(site, baseline, wanted, *groups, also=(), config=None):
    """Checks that exactly the ids of `wanted` are in that state. `also`: ids that the same fault inevitably affects."""
    code, states, answer = site.doctor(*groups, config=config)
    texts = "\n".join(f"  {c['id']} {c['state']}: {c['text']} | {c['remedy']}" for c in answer["checks"] if c["state"] in bad)
    for name, state in wanted.items():
        assert states.get(name) == state, f"{name} is {states.get(name)}, not {state}\n{texts}"
    new = {name for name, state in states.items() if state in bad and baseline.get(name) not in bad}
    extra = {name for name in new - set(wanted) if not any(name.startswith(it) for it in also)}
    assert not extra, f"more than expected: {sorted(extra)}\n{texts}"
    assert code == (1 if "fail" in states.values() else 0), code
    for check in answer["checks"]:
        if check["state"] in bad:
            assert check["remedy"], f"{check['id']} has no remedy"


# ---- computer, from its files

@case
def machine(site, baseline):
    for path, text, name, state in (
            ("etc/os-release", 'PRETTY_NAME="Debian 11"\nVERSION_ID="11"\nID=debian\n', "machine.os", "warn"),
            ("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n", "machine.power", "fail"),
            ("sys/class/thermal/thermal_zone0/temp", "85000\n", "machine.heat", "warn"),
            ("proc/meminfo", "MemAvailable: 40000 kB\n", "machine.memory", "fail"),
            ("sys/block/mmcblk0/device/life_time", "0x01 0x0a\n", "disk.wear", "warn"),
            ("sys/fs/ext4/mmcblk0p2/errors_count", "2\n", "disk.fs_errors", "fail"),
            ("etc/timezone", "Etc/UTC\n", "clock.zone", "warn")):
        before = open(f"{site.machine.root}/{path}").read()
        site.machine.put(path, text)
        expect(site, baseline, {name: state}, name.split(".")[0])
        site.machine.put(path, before)
    shutil.rmtree(f"{site.machine.root}/sys/class/rtc/rtc0")
    expect(site, baseline, {"machine.rtc": "warn"}, "machine")
    site.machine.put("sys/class/rtc/rtc0/name", "rtc\n")


@case
def permissions(site, baseline):
    for path, mode, name in ((site.config, 0o642, "config"), (site.database, 0o664, "state"), (f"{site.folder}/api.sock", 0o666, "socket"),
                             (f"{site.folder}/token", 0o644, "token")):
        before = os.stat(path).st_mode & 0o7777
        os.chmod(path, mode)
        expect(site, baseline, {f"permissions.{name}": "fail"}, "permissions")
        os.chmod(path, before)
    os.chmod(site.machine.put("etc/credstore/voltd.mqtt.password", "x\n"), 0o644)
    expect(site, baseline, {"permissions.credstore": "fail"}, "permissions")
    shutil.rmtree(f"{site.machine.root}/etc/credstore")


@case
def service(site, baseline):
    for changes, name, state in (({"ActiveState": "failed"}, "active", "fail"), ({"UnitFileState": "disabled"}, "enabled", "warn"),
                                 ({"NRestarts": "9"}, "restarts", "warn"), ({"WatchdogUSec": "0"}, "watchdog", "fail")):
        site.machine.systemctl(**changes)
        expect(site, baseline, {f"service.{name}": state}, "service")
    site.machine.systemctl()


@case
def fleet(site, baseline):
    """Checks a site that sends to a hub. Before it joins, the group is skipped."""
    assert baseline["fleet.agent"] == "skipped" and "fleet.queue" not in baseline, baseline
    files = os.path.dirname(site.machine.put("etc/voltd/fleet/hub.env", "HUB=https://hub.example:8443\n"))

    def queue(written):
        site.machine.put("var/lib/voltd-fleet/persistent-queue/1/metainfo.json", f'{{"Name":"1","ReaderOffset":9000000,"WriterOffset":{written}}}')

    queue(9_000_000)
    certify = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=site-1",
               "-keyout", f"{files}/site.key", "-out", f"{files}/site.crt", "-days"]

    def journal(line):
        site.machine.program("journalctl", f"echo '{line}'")

    def expect_fleet(**wanted):
        expect(site, baseline, {f"fleet.{name}": state for name, state in wanted.items()}, "fleet")

    try:
        subprocess.run([*certify, "3650"], check=True, capture_output=True)
        journal("a line of vmagent")
        expect_fleet(agent="ok", queue="ok", refused="ok", certificate="ok")
        site.machine.systemctl(ActiveState="failed")
        expect_fleet(agent="fail")
        site.machine.systemctl()
        queue(10_100_000)
        expect_fleet(queue="warn")
        queue(9_500_000)
        journal("unexpected status code received after sending a block with size 900 bytes: 403")
        expect_fleet(refused="fail")
        journal("a line of vmagent")
        subprocess.run([*certify, "20"], check=True, capture_output=True)
        expect_fleet(certificate="warn")
        os.remove(f"{files}/site.crt")
        expect_fleet(certificate="fail")
    finally:
        shutil.rmtree(files)
        site.machine.program("journalctl", "echo 'a line of the journal from 192.168.1.20'")
        site.machine.systemctl()


# ---- configuration

@case
def config(site, baseline):
    broken = site.edited(("site: solar-shack", "site: [solar-shack"), name="broken.yaml")
    code, states, _ = site.doctor(config=broken)
    assert code == 1 and states["config.file"] == "fail", states
    assert states["gx.group"] == states["broker.group"] == states["rules.group"] == "skipped", states
    lease = site.edited(("lease_s: 300 ", "lease_s: 20 "))
    expect(site, baseline, {"config.outputs[0].lease_s": "fail"}, "config", config=lease, also=("config.running",))
    missing = f"{site.folder}/nowhere.yaml"
    code, states, _ = site.doctor(config=missing)
    assert code == 1 and states["config.file"] == "fail", states
    wired = site.edited(("  - id: dump-load-s19-1", "  - id: another-relay"))
    expect(site, baseline, {"config.wired": "warn"}, "config", config=wired, also=("config.running", "config.outputs[1]"))


@case
def config_newer(site, baseline):
    newer = site.edited(("log_level: info", "log_level: debug"))
    shutil.copy(newer, site.config)
    try:
        expect(site, baseline, {"config.running": "warn"}, "config")
    finally:
        open(site.config, "w").write(site.text)


@case
def outputs_by_config(site, baseline):
    none = site.edited(("lease_s: 300 ", "lease_s: 0 "))
    expect(site, baseline, {"outputs.primary-s21.lease": "fail"}, "outputs", config=none)
    twin = site.edited(("sensors:\n", "  - { id: twin, dialect: shelly-gen2, topic: miner1 }\nsensors:\n"))
    expect(site, baseline, {"outputs.primary-s21.twin": "warn", "outputs.twin.twin": "warn"}, "outputs", config=twin)
    sensor = site.edited(("sensors:\n", "sensors:\n  - { id: attic, topic: attic/t, quantity: temperature }\n"))
    expect(site, baseline, {"sensors.attic.role": "warn"}, "sensors", config=sensor)


@case
def lan(site, baseline):
    api = site.text.split("api: { listen: ", 1)[1].split(",", 1)[0]
    port = api.strip('"').rsplit(":", 1)[1]
    wide = site.edited((f"listen: {api}", f'listen: "0.0.0.0:{port}", lan: plain'))
    expect(site, baseline, {"api.lan": "warn"}, "api", config=wide)


# ---- running voltd with its devices and its broker

@case
def relay_away(site, baseline):
    site.simulate("fault", "relay:miner1", "offline", "600")
    wait(lambda: "fail" == site.doctor("outputs")[1]["outputs.primary-s21.present"], "the relay is gone")
    expect(site, baseline, {"outputs.primary-s21.present": "fail"}, "outputs")
    site.simulate("fault", "relay:miner1", "none", "1")
    wait(lambda: "ok" == site.doctor("outputs")[1]["outputs.primary-s21.present"], "the relay is back")


@case
def relay_back_on(site, baseline):
    site.simulate("fault", "relay:miner2", "reboot-on", "1")
    wait(lambda: "fail" == site.doctor("outputs")[1]["outputs.dump-load-s19-1.power_on"], "the relay came back on", 120)
    # Its meter has not reported since, and the relay of the case before has not confirmed its timer yet.
    also = ("outputs.dump-load-s19-1.meter", "outputs.dump-load-s19-1.lease", "outputs.primary-s21.lease")
    expect(site, baseline, {"outputs.dump-load-s19-1.power_on": "fail"}, "outputs", also=also)


@case
def retained(site, baseline):
    subprocess.run(["mosquitto_pub", "-p", str(site.broker_port), "-r", "-t", "cmnd/miner1/POWER", "-m", "OFF"], check=True)
    expect(site, baseline, {"broker.retained": "fail"}, "broker")
    subprocess.run(["mosquitto_pub", "-p", str(site.broker_port), "-r", "-n", "-t", "cmnd/miner1/POWER"], check=True)


@case
def listener(site, baseline):
    site.machine.listen("0100007F")
    expect(site, baseline, {}, "broker")  # the devices are connected
    site.machine.listen("00000000")


@case
def version(site, baseline):
    old = site.edited(("  version: 5 ", "  version: 3 "))
    expect(site, baseline, {"broker.version": "warn"}, "broker", config=old)


@case
def sensor_insane(site, baseline):
    topic = "zigbee2mqtt/main-room"
    site.simulate("fault", "sensors", "silent", "600")
    site.publish(topic, '{"temperature":"warm"}')
    wait(lambda: "fail" == site.doctor("sensors")[1]["sensors.main-room.sane"], "the sensor sends no number")
    expect(site, baseline, {"sensors.main-room.sane": "fail"}, "sensors")
    site.simulate("fault", "sensors", "none", "1")
    wait(lambda: "ok" == site.doctor("sensors")[1]["sensors.main-room.sane"], "the sensor is well", 120)


@case
def sol_ark_silent(site, baseline):
    site.simulate("fault", "sol_ark", "silent", "600")
    wait(lambda: "fail" == site.doctor("sol_ark")[1]["sol_ark.slave"], "the inverter is silent")
    expect(site, baseline, {"sol_ark.slave": "fail"}, "sol_ark", also=("sol_ark.errors",))
    site.simulate("fault", "sol_ark", "none", "1")
    wait(lambda: "ok" == site.doctor("sol_ark")[1]["sol_ark.slave"], "the inverter answers")


@case
def gx_units(site, baseline):
    site.simulate("fault", "gx", "exception:11", "600")
    wait(lambda: "fail" == site.doctor("gx")[1]["gx.units"], "the units are absent")
    expect(site, baseline, {"gx.units": "fail"}, "gx")
    site.simulate("fault", "gx", "none", "1")
    wait(lambda: "ok" == site.doctor("gx")[1]["gx.units"], "the units answer", 120)


@case
def voltage(site, baseline):
    site.simulate("set", "voltage", "25.00")
    try:
        wait(lambda: "fail" == site.doctor("gx")[1]["gx.sanity"], "the voltage is not this bank's")
        expect(site, baseline, {"gx.sanity": "fail"}, "gx")
    finally:
        site.simulate("set", "voltage", "52.30")
    wait(lambda: "ok" == site.doctor("gx")[1]["gx.sanity"], "the voltage is the bank's")


@case
def registers(site, _):
    """Checks doctor's requests to a running voltd, and who gets an answer."""
    import json
    import urllib.request
    host = site.text.split("api: {", 1)[1].split('listen: "', 1)[1].split('"', 1)[0]
    token = open(f"{site.folder}/token").read().strip()
    for source, kind in (("victron.system", "system"), ("victron.battery", "battery"), ("victron.vebus", "vebus"), ("sol_ark", "sol_ark")):
        request = urllib.request.Request(f"http://{host}/api/sources/{source}/registers", headers={"Authorization": f"Bearer {token}"})
        page = json.load(urllib.request.urlopen(request, timeout=10))
        assert page["kind"] == kind and page["registers"] and page["age_s"] < 30 and page["unit"] >= 1, page
    try:
        urllib.request.urlopen(f"http://{host}/api/sources/victron.battery/registers", timeout=10)
        raise AssertionError("registers without a token")
    except urllib.error.HTTPError as refused:
        assert refused.code == 401, refused.code


@case
def prove(site, baseline):
    """Uses a relay whose own timer switches it off. Tests that cannot be proven are refused."""
    done = site.ctl("outputs", "prove", "primary-s21", "--lease", "30", "--yes")
    assert done.returncode == 0 and "Proven: primary-s21 switched itself off" in done.stdout, done
    assert baseline["outputs.primary-s21.proven"] == "warn"
    assert site.doctor("outputs")[1]["outputs.primary-s21.proven"] == "ok"
    refused = site.ctl("outputs", "prove", "ac-infinity-1", "--yes")
    assert refused.returncode == 1 and "only the relay of an enabled miner" in refused.stderr, refused
    unasked = site.ctl("outputs", "prove", "primary-s21")
    assert unasked.returncode == 1 and "nothing was done" in unasked.stderr, unasked
    assert site.ctl("outputs", "prove", "nothing", "--yes").returncode == 1
    assert site.ctl("outputs", "prove", "primary-s21", "--lease", "20").returncode == 2


@case
def hung_voltd(site, baseline):
    site.voltd.send_signal(signal.SIGSTOP)
    expect(site, baseline, {"api.reach": "fail"}, "api")
    site.voltd.send_signal(signal.SIGCONT)
    wait(lambda: site.doctor("api")[1]["api.reach"] == "ok", "voltd goes on")


@case
def bundle(site, _):
    path = f"{site.folder}/question.tar.gz"
    token = open(f"{site.folder}/token").read().strip()
    text = site.text.replace("  # username: voltd", "  username: voltd").replace("  # password_file: /etc/voltd/mqtt.password", f"  password_file: {site.folder}/secret")
    assert text != site.text
    secret, config = "correct-horse-battery", f"{site.folder}/secret.yaml"
    open(f"{site.folder}/secret", "w").write(secret + "\n")
    open(config, "w").write(text.replace("host: 127.0.0.1", "host: 192.168.77.20", 1) + f"# {secret}\n")
    done = site.ctl("doctor", "machine", "--root", site.machine.root, "--bundle", path, config=config)
    assert done.returncode == 0 and "Nothing was sent" in done.stdout, done
    assert os.stat(path).st_mode & 0o777 == 0o600
    names = {"doctor.json", "voltd.yaml", "settings.json", "decisions.json", "events.json", "metrics.txt", "journal.txt", "versions.txt"}
    with tarfile.open(path) as archive:
        assert set(archive.getnames()) == names, archive.getnames()
        for name in names:
            held = archive.extractfile(name).read().decode()
            for unwanted in (secret, token, "192.168.77.20", "192.168.1.20"):
                assert unwanted not in held, f"{name} holds {unwanted}"
        assert "itude" not in archive.extractfile("settings.json").read().decode()
    again = site.ctl("doctor", "machine", "--root", site.machine.root, "--bundle", path, config=config)
    assert again.returncode == 1 and "already exists" in again.stderr, again
    os.remove(path)
    open(f"{site.folder}/mine", "w").write("mine")
    os.symlink(f"{site.folder}/mine", f"{path}.part")
    full = site.ctl("doctor", "machine", "--root", site.machine.root, "--bundle", path, "--full", config=config)
    assert open(f"{site.folder}/mine").read() == "mine"
    assert full.returncode == 0, full
    with tarfile.open(path) as archive:
        assert "192.168.77.20" in archive.extractfile("voltd.yaml").read().decode()
        assert "latitude" in archive.extractfile("settings.json").read().decode()
        assert secret not in archive.extractfile("voltd.yaml").read().decode()
    nowhere = site.ctl("doctor", "machine", "--root", site.machine.root, "--bundle", "/nonexistent/x.tar.gz")
    assert nowhere.returncode == 1 and "x.tar.gz" in nowhere.stderr, nowhere
    assert site.ctl("doctor", "nonsense").returncode == 2


@case
def gx_clock(site, baseline):
    """The GX's simulated clock is far from the computer's own."""
    site.stop_voltd()
    _, states, _ = site.doctor("clock")
    assert states["clock.gx_clock"] == "fail", states
    site.start_voltd_here()


# ---- without voltd: doctor queries devices and broker directly

@case
def direct(site, baseline):
    site.stop_voltd()
    site.simulate("set", "load", "1850")  # enough to judge the scales
    try:
        code, states, answer = site.doctor("gx", "sol_ark", "broker", "outputs", "sensors", "api", "database")
        wrong = [c for c in answer["checks"] if c["state"] in bad and baseline.get(c["id"]) not in bad]
        assert not wrong, wrong
        for name in ("gx.units", "gx.sanity", "sol_ark.slave", "sol_ark.framing", "sol_ark.single", "broker.echo", "outputs.primary-s21.present"):
            assert states[name] == "ok", f"{name} {states[name]}"
        gx = f"port: {site.gx.port}"
        sun = next(line for line in site.text.splitlines() if line.startswith("  port:") and gx not in line)
        free = doctorsite.default_site.free_port()
        for edits, group, wanted in (
                ([(gx, f"port: {free}")], "gx", {"gx.reach": "fail"}),
                ([("battery: 225", "battery: 99")], "gx", {"gx.units": "fail"}),
                ([(sun, f"  port: {free}")], "sol_ark", {"sol_ark.reach": "fail"}),
                ([("  unit: 1", "  unit: 5")], "sol_ark", {"sol_ark.slave": "fail"}),
                ([("framing: tcp", "framing: rtu")], "sol_ark", {"sol_ark.framing": "fail"}),
                ([("power_scale: 1 ", "power_scale: 10 ")], "sol_ark", {"sol_ark.scales": "warn"}),
                ([("host: 127.0.0.1", "host: gx.invalid")], "gx", {"gx.reach": "fail"}),
                ([("mqtt://127.0.0.1:", "mqtt://broker.invalid:")], "broker", {"broker.reach": "fail"})):
            expect(site, baseline, wanted, group, config=site.edited(*edits))
    finally:
        site.simulate("set", "load", "auto")
        site.start_voltd_here()


@case
def another_voltd(site, baseline):
    site.stop_voltd()
    subprocess.run(["mosquitto_pub", "-p", str(site.broker_port), "-r", "-t", "voltd/solar-shack/status", "-m", "online"], check=True)
    expect(site, baseline, {"broker.client_id": "fail"}, "broker")
    site.start_voltd_here()


@case
def dripping_gx(site, baseline):
    """GX that sends a byte per second, and never a whole answer."""
    server = socket.create_server(("127.0.0.1", 0))

    def drip(client):
        try:
            while True:
                client.send(b"\0")
                time.sleep(1)
        except OSError:
            pass

    def accept():
        while True:
            client, _ = server.accept()
            threading.Thread(target=drip, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    site.stop_voltd()
    slow = site.edited((f"port: {site.gx.port}", f"port: {server.getsockname()[1]}"))
    expect(site, baseline, {"gx.units": "fail"}, "gx", config=slow)
    site.start_voltd_here()


@case
def frozen_broker(site, baseline):
    site.stop_voltd()
    broker = site.children[0]
    broker.send_signal(signal.SIGSTOP)
    try:
        expect(site, baseline, {"broker.reach": "fail"}, "broker")
    finally:
        broker.send_signal(signal.SIGCONT)
    site.start_voltd_here()


@case
def database(site, baseline):
    site.stop_voltd()
    shutil.copy(site.database, f"{site.folder}/kept.db")
    try:
        with sqlite3.connect(site.database, isolation_level=None) as lock:
            lock.execute("PRAGMA locking_mode=EXCLUSIVE")
            lock.execute("BEGIN EXCLUSIVE")
            expect(site, baseline, {"database.open": "fail"}, "database")
            lock.execute("ROLLBACK")
        lock.close()
        site.sql("UPDATE schema_migrations SET applied_at = '2024-01-01T00:00:00Z'")
        expect(site, baseline, {"database.copies": "warn", "database.backup": "warn"}, "database")
        whole = open(site.database, "rb").read()
        open(site.database, "wb").write(whole[:len(whole) // 2])
        code, states, _ = site.doctor("database")
        assert code == 1 and "fail" in (states["database.open"], states["database.quick_check"]), states
        open(site.database, "wb").write(b"this is no database " * 500)
        expect(site, baseline, {"database.open": "fail"}, "database")
        os.remove(site.database)
        code, states, _ = site.doctor("database")
        assert code == 0 and states["database.open"] == "skipped", states
    finally:
        for end in ("-wal", "-shm"):
            if os.path.exists(site.database + end):
                os.remove(site.database + end)
        shutil.copy(f"{site.folder}/kept.db", site.database)
    site.start_voltd_here()


@case
def nothing_there(site, _):
    """Without configuration, voltd and rights: each group reports, and none crashes."""
    code, states, answer = site.doctor("--strict", config=f"{site.folder}/nowhere.yaml")
    assert code == 1 and answer["ok"] is False
    assert sum(answer["counts"].values()) == len(answer["checks"])
    assert not any(name.endswith(".group") and state == "fail" for name, state in states.items()), states


@case
def anybody(site, _):
    """A user without rights sees the permitted checks. The rest is skipped with the reason."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", f"{site.programs}/voltctl", "--config", site.config, "doctor"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * doctorsite.longest_s * doctorsite.patience)
    if "Permission denied" in done.stderr and not done.stdout:
        return  # the build is in a directory that this user may not access
    assert done.returncode in (0, 1) and " skipped" in done.stdout, done
    assert "fail config" not in done.stdout and "fail database" not in done.stdout, done.stdout


def check_form(answer):
    assert set(answer) == {"ok", "at", "version", "site", "counts", "checks"}, set(answer)
    assert set(answer["counts"]) == {"ok", "warn", "fail", "skipped"}
    for check in answer["checks"]:
        assert set(check) == {"id", "state", "text", "remedy", "ms"}, check
        assert check["state"] in answer["counts"] and isinstance(check["ms"], int) and check["text"], check
        assert "." in check["id"], check
    ids = [check["id"] for check in answer["checks"]]
    assert len(ids) == len(set(ids)), "an id stands twice"


def content(site):
    """On the healthy site no check fails, and all warnings are known."""
    site.start_voltd_here()
    site.ctl("prefs", "set", "bank_wh=28800")
    site.ctl("miners", "set", "primary-s21-revenue", "start_voltage=55", "min_off_s=10")  # prevents a start by itself
    site.simulate("set", "voltage", "52.30")
    ready = ("outputs.primary-s21.meter", "sensors.heat-room.fresh", "sensors.heat-room.sane", "gx.units", "sol_ark.slave")
    wait(lambda: all(site.doctor("outputs", "sensors", "gx", "sol_ark")[1].get(name) == "ok" for name in ready), "the site is complete", 120)
    code, states, answer = site.doctor()
    check_form(answer)
    wrong = [c for c in answer["checks"] if c["state"] in bad]
    for c in wrong:
        print(f"  content site: {c['id']} {c['state']}: {c['text']}", flush=True)
    assert code == 0 and answer["ok"] is True, wrong
    text = site.ctl("doctor", "--root", site.machine.root)
    assert text.returncode == 0 and " ok, " in text.stdout, text
    return states


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    site = doctorsite.DoctorSite(doctorsite.programs_of(given.build))
    passed = failed = 0
    try:
        baseline = content(site)
        print(f"ok content ({len(baseline)} checks)", flush=True)
        passed += 1
        for one in cases:
            if given.names and not any(name in one.__name__ for name in given.names):
                continue
            if site.voltd is None:
                site.start_voltd_here()
            if doctorsite.passes(one, site, baseline):
                passed += 1
            else:
                failed += 1
    finally:
        site.end()
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
