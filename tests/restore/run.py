#!/usr/bin/python3
"""run.py BUILD [NAME ...]: tests backup, a dead card, restore, and decisions after it, with the real programs, a simulated site and a private
broker. NAME: only cases with this in their name; `big` (a database of 150 MB) runs only if named. `./dev test system` does the same in a booted
Debian."""
import argparse
import glob
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "doctor"))
import doctorsite  # noqa: E402
from doctorsite import patience, wait  # noqa: E402

longest_to_decision_s = 120
miner = "primary-s21-revenue"
cases = []


def case(function):
    cases.append(function)
    return function


class RestoreSite(doctorsite.DoctorSite):
    """Site whose card is a directory with voltd.yaml and the database. The stick is another directory."""

    def __init__(self, programs):
        super().__init__(programs)
        self.card, self.stick = f"{self.folder}/card", f"{self.folder}/stick"
        os.makedirs(self.card), os.makedirs(self.stick)
        self.text = self.text.replace(f"{self.folder}/voltd.db", f"{self.card}/voltd.db")
        self.text = self.text.replace("start_hold_s: 60", "start_hold_s: 2").replace("start_stagger_s: 90", "start_stagger_s: 2")
        self.config, self.database = f"{self.card}/voltd.yaml", f"{self.card}/voltd.db"
        open(self.config, "w").write(self.text)
        self.heard = f"{self.folder}/heard"
        self.start(["mosquitto_sub", "-p", str(self.broker_port), "-t", "cmnd/#", "-F", "%t %p"], stdout=open(self.heard, "w"))

    def status(self):
        done = self.ctl("status", "--json")
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def is_on(self):
        return self.status().get(f"miner/{miner}", {}).get("state") == "on"

    def crash(self):
        """Stops like a card that dies: reports nothing, writes nothing."""
        if self.voltd:
            self.voltd.kill()
            self.voltd.wait()
            self.children.remove(self.voltd)
            self.voltd = None
            wait(lambda: self.retained("status") == "offline", "the broker has it offline")

    def retained(self, topic):
        done = subprocess.run(["mosquitto_sub", "-p", str(self.broker_port), "-t", f"voltd/solar-shack/{topic}", "-C", "1", "-W", "2"],
                              capture_output=True, text=True)
        return done.stdout.strip()

    def wipe(self):
        shutil.rmtree(self.card)
        os.makedirs(self.card)

    def backup(self, *words):
        done = self.ctl("backup", *(words or (self.stick,)))
        assert done.returncode == 0, done
        return max(glob.glob(f"{self.stick}/*.tar.gz"))

    def card_now(self):
        """Returns the content of the card, except locks and an empty WAL."""
        return {path: hashlib.sha256(open(path, "rb").read()).hexdigest() for path in sorted(glob.glob(f"{self.card}/**", recursive=True, include_hidden=True))
                if os.path.isfile(path) and not path.endswith((".lock", "-wal", "-shm"))}

    def refused(self, file, why, *options):
        before = self.card_now()
        done = self.ctl("restore", *options, file)
        assert done.returncode == 1 and why in done.stderr and "nothing was changed" in done.stderr, f"{file}: wanted {why!r}: {done}"
        assert self.card_now() == before, f"{file}: the card was changed: {why}"


def running_site(site):
    """Starts voltd live, with a setting of the owner and a running miner."""
    if site.voltd is None:
        site.start_voltd_here()
    assert site.ctl("miners", "set", miner, "min_off_s=1", "min_on_s=1").returncode == 0
    done = site.ctl("override", miner, "on")
    assert done.returncode == 0, done
    wait(site.is_on, f"{miner} is on", 120)


@case
def a_new_card(site):
    running_site(site)
    assert site.ctl("miners", "set", miner, "power_draw_w=3456").returncode == 0
    assert site.ctl("key", "add", "prometheus").returncode == 0
    file = site.backup()
    names = tarfile.open(file).getnames()
    assert names[0] == "MANIFEST" and "voltd.db" in names and "voltd.yaml" in names and not any("/" in it for it in names), names
    text = open(site.config).read()
    site.crash()
    site.wipe()
    offs = open(site.heard).read().count(" OFF")
    began = time.monotonic()
    done = site.ctl("restore", file)
    assert done.returncode == 0 and "sign in again: voltctl login" in done.stdout, done
    restored = time.monotonic() - began
    assert open(site.config).read() == text
    with sqlite3.connect(site.database) as db:
        assert db.execute("SELECT power_draw_w FROM miner_profiles WHERE slug = ?", (miner,)).fetchone() == (3456,)
        assert db.execute("SELECT count(*) FROM web_sessions").fetchone() == (0,)
    db.close()
    site.start_voltd_here()
    wait(lambda: site.is_on() and site.status().get("battery", {}).get("voltage_v"), "voltd decides and has taken over the miner", longest_to_decision_s)
    took = time.monotonic() - began
    assert took <= longest_to_decision_s * patience, took
    assert open(site.heard).read().count(" OFF") == offs, "a relay was switched off on the way"
    assert site.status()["site"]["commands"] == "live"
    print(f"   restored after {restored:.1f} s, first decision after {took:.1f} s")


@case
def another_voltd(site):
    running_site(site)
    file = site.backup()
    site.refused(file, "systemctl stop voltd", "--replace")
    site.refused(file, "systemctl stop voltd", "--replace", "--anyway")
    site.crash()
    other = f"{site.folder}/other"
    os.makedirs(other, exist_ok=True)
    text = site.text.replace(site.card, other).replace(f"{site.folder}/token", f"{other}/token")
    text = text.replace(text.split('listen: "')[1].split('"')[0], f"127.0.0.1:{doctorsite.default_site.free_port()}")
    open(f"{other}/voltd.yaml", "w").write(text)
    voltd = site.start([f"{site.programs}/voltd", "--config", f"{other}/voltd.yaml"], env={**site.environment(), "STATE_DIRECTORY": other})
    wait(lambda: site.retained("status") == "online", "the other voltd is online")
    site.refused(file, "another voltd runs the site", "--replace")
    # Someone has cleared its retained message. It is detected nevertheless.
    subprocess.run(["mosquitto_pub", "-p", str(site.broker_port), "-r", "-n", "-t", "voltd/solar-shack/status"], check=True)
    site.refused(file, "another voltd runs the site", "--replace")
    voltd.kill(), voltd.wait(), site.children.remove(voltd)
    wait(lambda: site.retained("status") == "offline", "the other one is offline")
    assert site.ctl("restore", "--replace", "--dry-run", file).returncode == 0
    assert site.ctl("restore", "--replace", file).returncode == 0


@case
def tampered(site):
    running_site(site)
    file = site.backup()
    site.crash()
    site.wipe()
    whole = open(file, "rb").read()
    for size in (0, 1, 1000, len(whole) // 2, len(whole) - 1):
        open(f"{site.folder}/cut", "wb").write(whole[:size])
        site.refused(f"{site.folder}/cut", "cannot be restored")
    for why, change in {
        "does not belong in a backup": lambda tar, parts: (copy(tar, parts), add(tar, "../../../../../../../../../etc/cron.d/x", b"x")),
        "a link, a directory or a device": lambda tar, parts: (copy(tar, {**parts, "voltd.yaml": None}), link(tar, "voltd.yaml", "/etc/passwd")),
        "voltd.db in it was changed": lambda tar, parts: copy(tar, {**parts, "voltd.db": parts["voltd.db"][:9000] + bytes([parts["voltd.db"][9000] ^ 1]) + parts["voltd.db"][9001:]}),
        "is not in its manifest": lambda tar, parts: (copy(tar, parts), add(tar, "mqtt.password", b"sesame")),
        "install voltd": lambda tar, parts: copy(tar, {**parts, "MANIFEST": json.dumps({**json.loads(parts["MANIFEST"]), "schema": 999}).encode()}),
        "is missing": lambda tar, parts: copy(tar, {**parts, "settings.json": None}),
    }.items():
        with tarfile.open(file) as source:
            parts = {name: source.extractfile(name).read() for name in source.getnames()}
        with tarfile.open(f"{site.folder}/tampered", "w:gz") as tar:
            change(tar, parts)
        site.refused(f"{site.folder}/tampered", why)
    assert site.ctl("restore", file).returncode == 0


def add(tar, name, content):
    import io
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def link(tar, name, target):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = tarfile.SYMTYPE, target
    tar.addfile(member)


def copy(tar, parts):
    for name, content in parts.items():
        if content is not None:
            add(tar, name, content)


@case
def the_stick_is_pulled(site):
    """Killed at any moment, a backup leaves the file complete or not at all. A restore leaves the old state, or all of the new one."""
    if site.voltd is None:
        site.start_voltd_here()
    file = site.backup()
    size = os.path.getsize(file)
    os.remove(file)
    for delay in [step * 0.04 for step in range(12)]:
        child = subprocess.Popen([f"{site.programs}/voltctl", "--config", site.config, "backup", site.stick], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.kill(), child.wait()
        for found in glob.glob(f"{site.stick}/*.tar.gz"):
            assert subprocess.run(["tar", "-tzf", found], capture_output=True).returncode == 0 and os.path.getsize(found) > size // 2
    wait(lambda: site.ctl("backup", site.stick).returncode == 0, "the next backup is made")
    assert os.listdir(site.stick) == [os.path.basename(file)], os.listdir(site.stick)
    site.crash()
    for delay in [step * 0.1 for step in range(12)]:
        child = subprocess.Popen([f"{site.programs}/voltctl", "--config", site.config, "restore", "--replace", "--anyway", file],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.kill(), child.wait()
        assert site.ctl("db", "verify", "--database", site.database).returncode == 0, delay
        assert site.ctl("config", "check").returncode == 0, delay
    wait(lambda: site.ctl("restore", "--replace", "--anyway", file).returncode == 0, "the next restore succeeds")
    left = [name for name in os.listdir(site.card) if name.startswith(".voltd-") or name.endswith((".part", ".restore"))]
    assert not left, left


@case
def big(site):
    running_site(site)
    site.stop_voltd()
    with sqlite3.connect(site.database) as db:
        while os.path.getsize(site.database) < 150_000_000:
            db.execute("INSERT INTO events (at, level, kind, message) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                       "SELECT 1750000000000 + i, 'info', 'test', hex(randomblob(150)) FROM n")
            db.commit()
    db.close()
    began = time.monotonic()
    file = site.backup()
    print(f"   {os.path.getsize(site.database) / 1e6:.0f} MB backed up in {time.monotonic() - began:.1f} s: {os.path.getsize(file) / 1e6:.0f} MB", flush=True)
    site.wipe()
    began = time.monotonic()
    done = site.ctl("restore", file)
    assert done.returncode == 0, done
    print(f"   restored in {time.monotonic() - began:.1f} s, with 8 s of listening for another voltd", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    passed = failed = 0
    for one in cases:
        if not any(name in one.__name__ for name in given.names) if given.names else one is big:
            continue
        site = RestoreSite(doctorsite.programs_of(given.build))
        try:
            if doctorsite.passes(one, site):
                passed += 1
            else:
                failed += 1
        finally:
            site.end()
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
