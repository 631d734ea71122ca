"""Simulated site for doctor: a healthy one on a machine made of files, with ways to break each part."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback

tree = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(tree, "tests", "bench"))
import default_site  # noqa: E402

patience = int(os.environ.get("VOLT_PATIENCE", "1"))  # wait longer on a slow machine
longest_s = 60
begin = "2025-06-21T12:00"


def wait(condition, what, seconds=60):
    end = time.monotonic() + seconds * patience
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds * patience} s: {what}")
        time.sleep(0.1)
    return value


class Machine:
    """Root directory with the files of a healthy Raspberry Pi, and programs that answer for systemd."""

    def __init__(self, folder, broker_port):
        self.root, self.bin = f"{folder}/root", f"{folder}/bin"
        self.port = broker_port
        self.made = {}
        self.put("etc/os-release", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n')
        self.put("etc/timezone", "America/Los_Angeles\n")
        self.put("sys/class/hwmon/hwmon1/name", "rpi_volt\n")
        self.put("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n")
        self.put("sys/class/thermal/thermal_zone0/temp", "51000\n")
        self.put("sys/class/rtc/rtc0/name", "rtc\n")
        self.put("proc/meminfo", "MemTotal: 3884000 kB\nMemAvailable: 900000 kB\n")
        self.put("sys/block/mmcblk0/device/life_time", "0x01 0x02\n")
        self.put("sys/fs/ext4/mmcblk0p2/errors_count", "0\n")
        self.listen("00000000")
        self.systemctl()
        self.program("journalctl", "echo 'a line of the journal from 192.168.1.20'")

    def put(self, path, text):
        """Writes a file. None removes it."""
        whole = f"{self.root}/{path}"
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        if text is None:
            os.remove(whole)
        else:
            open(whole, "w").write(text)
        return whole

    def listen(self, address):
        self.put("proc/net/tcp", "  sl  local_address rem_address   st\n"
                 f"   0: {address}:{self.port:04X} 00000000:0000 0A 00000000:00000000\n")

    def program(self, name, text):
        os.makedirs(self.bin, exist_ok=True)
        open(f"{self.bin}/{name}", "w").write(f"#!/bin/sh\n{text}\n")
        os.chmod(f"{self.bin}/{name}", 0o755)

    def systemctl(self, **changes):
        shown = {"LoadState": "loaded", "ActiveState": "active", "UnitFileState": "enabled", "NRestarts": "0", "WatchdogUSec": "30s", **changes}
        self.program("systemctl", "cat <<END\n" + "\n".join(f"{key}={value}" for key, value in shown.items()) + "\nEND")


class DoctorSite(default_site.Site):
    def __init__(self, programs):
        super().__init__(programs, f"{tree}/schema/voltd.example.yaml")
        self.log = open(f"{self.folder}/voltd.log", "w")
        self.machine = Machine(self.folder, self.mqtt.port)
        self.text = open(self.config).read()
        self.database = f"{self.folder}/voltd.db"
        self.state = f"{self.folder}/state"
        os.makedirs(self.state)
        os.chmod(self.config, 0o640)
        self.voltd = None

    def environment(self):
        return {**os.environ, "PATH": f"{self.machine.bin}:{os.environ['PATH']}", "STATE_DIRECTORY": self.state}

    def start_voltd_here(self, *options):
        options = options or ("--wall-clock", f"1@{begin}")
        self.voltd = self.start([f"{self.programs}/voltd", "--config", self.config, *options], stderr=self.log, env=self.environment())
        wait(lambda: self.ctl("status", "--json").returncode == 0, "voltd answers")

    def stop_voltd(self):
        if self.voltd:
            self.voltd.send_signal(signal.SIGTERM)
            self.voltd.wait(30 * patience)
            self.children.remove(self.voltd)
            self.voltd = None

    def restart_voltd(self, *options):
        self.stop_voltd()
        self.start_voltd_here(*options)

    def ctl(self, *words, config=None):
        return subprocess.run([f"{self.programs}/voltctl", "--config", config or self.config, *words], capture_output=True, text=True,
                              timeout=2 * longest_s * patience, env=self.environment())

    def doctor(self, *words, config=None):
        """Returns (exit code, state by id, the whole JSON)."""
        began = time.monotonic()
        done = self.ctl("doctor", "--json", "--root", self.machine.root, *words, config=config)
        took = time.monotonic() - began
        assert took < longest_s * patience, f"doctor took {took:.0f} s"
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            raise AssertionError(f"doctor {words}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.returncode, {check["id"]: check["state"] for check in answer["checks"]}, answer

    def edited(self, *pairs, name="edited.yaml"):
        """Returns a copy of voltd.yaml with replaced texts."""
        text = self.text
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = f"{self.folder}/{name}"
        open(path, "w").write(text)
        os.chmod(path, 0o640)
        return path

    def sql(self, text):
        subprocess.run(["sqlite3", self.database, text], check=True)

    def end(self):
        if self.voltd and self.voltd.poll() is None:
            self.voltd.send_signal(signal.SIGCONT)
        super().end()


def programs_of(build):
    missing = [name for name in ("voltd", "voltctl", "voltsim") if not os.access(f"{build}/{name}", os.X_OK)]
    if missing or not shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin"):
        sys.exit(f"{build} has no {', '.join(missing)}, or there is no mosquitto")
    return build


def passes(one, *given):
    """Runs a case and prints its result."""
    began = time.monotonic()
    try:
        one(*given)
    except Exception:
        print(f"FAILED {one.__name__}\n{traceback.format_exc()}", flush=True)
        return False
    print(f"ok {one.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    return True
