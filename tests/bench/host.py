#!/usr/bin/env python3
"""What voltd costs a small machine: sizes, memory, CPU and wake-ups at default polling, time to READY and to the first decision.

host.py PROGRAMS PACKAGE [--minutes N] [--json]: a private broker and voltsim on loopback, voltd on a fresh database.
Memory and CPU are of voltd's process alone, after N minutes; nothing of it is measured by voltd itself.
"""
import argparse
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

GOALS = {"deb_bytes": 2_000_000, "pss_kib": 8192, "cpu_ms_per_s": 0.54, "first_decision_ms": 300}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_ns(pid):
    """Of all threads, as the scheduler counts it."""
    return sum(int(open(path).read().split()[0]) for path in glob.glob(f"/proc/{pid}/task/*/schedstat"))


def wakeups(pid):
    """How often a thread of it went to sleep by itself, which is as often as it was woken."""
    count = 0
    for path in glob.glob(f"/proc/{pid}/task/*/status"):
        count += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", open(path).read(), re.M).group(1))
    return count


def memory_kib(pid):
    text = open(f"/proc/{pid}/smaps_rollup").read()
    return {key.lower(): int(re.search(rf"^{key}:\s+(\d+) kB", text, re.M).group(1)) for key in ("Rss", "Pss", "Private_Dirty")}


def configuration(source, folder, ports):
    """The example with the addresses of this site, live: the polling of an owner who changed nothing else."""
    text = open(source).read().replace("commands: shadow", "commands: live")
    text = text.replace("/var/lib/voltd/voltd.db", f"{folder}/voltd.db").replace("/run/voltd/token", f"{folder}/token")
    text = text.replace("192.168.1.20\n  port: 502", f"127.0.0.1\n  port: {ports['gx']}")
    text = re.sub(r"192\.168\.1\.21(.*)\n  port: 502", rf"127.0.0.1\1\n  port: {ports['sol_ark']}", text)
    text = text.replace("127.0.0.1:1883", f"127.0.0.1:{ports['broker']}").replace("127.0.0.1:8480", f"127.0.0.1:{ports['api']}")
    path = f"{folder}/voltd.yaml"
    open(path, "w").write(text)
    return path


class Wire:
    """Between voltd and the GX: knows when the first answer went by."""

    def __init__(self, port):
        self.to = port
        self.answered_at = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.to))
            for pair in ((near, far, False), (far, near, True)):
                threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def carry(self, source, sink, answers):
        try:
            while data := source.recv(4096):
                if answers and self.answered_at is None:
                    self.answered_at = time.monotonic()
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Site:
    def __init__(self, programs, source):
        self.folder = tempfile.mkdtemp(prefix="voltd-host-")
        self.programs = programs
        self.children = []
        ports = {name: free_port() for name in ("broker", "gx", "sol_ark", "api")}
        with open(f"{self.folder}/mosquitto.conf", "w") as conf:
            conf.write(f"listener {ports['broker']} 127.0.0.1\nallow_anonymous true\npersistence false\n")
        broker = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.start([broker, "-c", f"{self.folder}/mosquitto.conf"])
        self.await_port(ports["broker"])
        self.start([f"{programs}/voltsim", "--speed", "1", "--start", "2025-06-21T12:00", "--tele-period", "60",
                    "--gx-port", str(ports["gx"]), "--sol-ark-port", str(ports["sol_ark"]),
                    "--broker", f"127.0.0.1:{ports['broker']}", "--control", f"{self.folder}/sim.sock"])
        self.await_port(ports["gx"])
        self.wire = Wire(ports["gx"])
        ports["gx"] = self.wire.port
        self.config = configuration(source, self.folder, ports)

    def start(self, command, **more):
        child = subprocess.Popen(command, **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **more})
        self.children.append(child)
        return child

    @staticmethod
    def await_port(port):
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        sys.exit(f"host.py: nothing listens on port {port}")

    def start_voltd(self):
        """Returns the process, ms from exec to READY, and ms from the GX's first answer to the first stage decided by it."""
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(f"{self.folder}/notify")
        notify.settimeout(0.001)
        log = f"{self.folder}/voltd.log"
        trace = open(log, "w")
        self.wire.answered_at = None
        begin = time.monotonic()
        child = self.start([f"{self.programs}/voltd", "--config", self.config], stderr=trace,
                           env={**os.environ, "NOTIFY_SOCKET": f"{self.folder}/notify"})
        seen = {}
        while time.monotonic() - begin < 30 and len(seen) < 2:
            try:
                if b"READY=1" in notify.recv(4096):
                    seen["ready"] = time.monotonic() - begin
            except TimeoutError:
                pass
            if "decision" not in seen and re.search(r"Stage (?!blind)", open(log).read()):
                seen["decision"] = time.monotonic() - (self.wire.answered_at or begin)
        notify.close()
        return child, {name: round(1000 * value) for name, value in seen.items()}

    def end(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    child.kill()
        shutil.rmtree(self.folder)


def starts(site, rounds=5):
    """Median times of several starts; the last voltd runs on. The first one makes the database."""
    times = []
    for left in range(rounds, 0, -1):
        child, seen = site.start_voltd()
        times.append(seen)
        os.unlink(f"{site.folder}/notify")
        if left > 1:
            child.send_signal(signal.SIGTERM)
            child.wait(10)
    middle = {name: sorted(one[name] for one in times if name in one)[len(times) // 2] for name in ("ready", "decision")}
    return child, middle


def measure(options):
    figures = {"deb_bytes": os.path.getsize(options.package),
               "installed_kib": int(subprocess.check_output(["dpkg-deb", "-f", options.package, "Installed-Size"]))}
    site = Site(options.programs, f"{os.path.dirname(__file__)}/../../schema/voltd.example.yaml")
    try:
        child, middle = starts(site)
        figures.update({"ready_ms": middle["ready"], "first_decision_ms": middle["decision"]})
        settle = min(60, options.minutes * 60 / 4)
        time.sleep(settle)
        cpu, woken, begin = cpu_ns(child.pid), wakeups(child.pid), time.monotonic()
        time.sleep(options.minutes * 60 - settle)
        passed = time.monotonic() - begin
        figures.update({f"{key}_kib": value for key, value in memory_kib(child.pid).items()})
        figures["cpu_ms_per_s"] = round((cpu_ns(child.pid) - cpu) / 1e6 / passed, 3)
        figures["wakeups_per_s"] = round((wakeups(child.pid) - woken) / passed, 1)
    finally:
        site.end()
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("package")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options)
    if options.json:
        print(json.dumps(figures))
        return
    print(f"voltd at default polling, {options.minutes:g} min, load of this machine {os.getloadavg()[0]:.1f}:")
    for name, value in figures.items():
        goal = f"   (goal: {GOALS[name]} at most)" if name in GOALS else ""
        print(f"  {name:20} {value:>10}{goal}")


main()
