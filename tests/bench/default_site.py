"""Runs the default site as processes, for measurements: a private broker and voltsim on loopback, voltd with the example file.

A wire between voltd and its GX, and between voltd and its broker, counts and times the traffic."""
import glob
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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def median(values):
    """Returns the median of the known values, or None without any."""
    known = sorted(value for value in values if value is not None)
    return known[len(known) // 2] if known else None


def threads(pid):
    """Returns CPU in ns and voluntary context switches of each thread so far, by (name, id)."""
    seen = {}
    for path in glob.glob(f"/proc/{pid}/task/*"):
        try:
            name = open(f"{path}/comm").read().strip()
            cpu = int(open(f"{path}/schedstat").read().split()[0])
            switches = int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", open(f"{path}/status").read(), re.M).group(1))
        except OSError:  # it has ended
            continue
        seen[name, os.path.basename(path)] = (cpu, switches)
    return seen


def by_thread(before, after, seconds):
    """Returns ms of CPU and switches per second by thread name, the largest first."""
    rates = {}
    for key, (cpu, switches) in after.items():
        cpu_before, switches_before = before.get(key, (0, 0))
        rate = rates.setdefault(key[0], [0.0, 0.0])
        rate[0] += (cpu - cpu_before) / 1e6 / seconds
        rate[1] += (switches - switches_before) / seconds
    return dict(sorted(rates.items(), key=lambda item: -item[1][0]))


def memory_kib(pid):
    text = open(f"/proc/{pid}/smaps_rollup").read()
    return {key.lower(): int(re.search(rf"^{key}:\s+(\d+) kB", text, re.M).group(1)) for key in ("Rss", "Pss", "Private_Dirty")}


def modbus_frames(data):
    """Returns the complete frames at the start of `data`, and the rest."""
    frames = []
    while len(data) >= 6 and len(data) >= 6 + (size := int.from_bytes(data[4:6], "big")):
        frames.append(data[:6 + size])
        data = data[6 + size:]
    return frames, data


def mqtt_packets(data):
    packets = []
    while len(data) >= 2:
        size, place = 0, 1
        while place < len(data) and place < 5:
            size |= (data[place] & 127) << 7 * (place - 1)
            place += 1
            if data[place - 1] < 128:
                break
        else:
            break
        if len(data) < place + size:
            break
        packets.append((data[0], data[place:place + size]))
        data = data[place + size:]
    return packets, data


def end_all(children):
    """Ends the children in reverse order. Kills each after 10 s."""
    for child in reversed(children):
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


class Wire:
    """Passes bytes on, counts what `split` finds in them, and shows each to `on_forth` (from voltd) and `on_back`."""

    def __init__(self, port, split):
        self.to, self.split = port, split
        self.forth = self.back = 0
        self.answered_at = None
        self.on_forth = self.on_back = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.to))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for pair in ((near, far, False), (far, near, True)):
                threading.Thread(target=self.carry, args=pair, daemon=True).start()

    def carry(self, source, sink, back):
        rest = b""
        try:
            while data := source.recv(65536):
                now = time.monotonic()
                if back and self.answered_at is None:
                    self.answered_at = now
                sink.sendall(data)
                units, rest = self.split(rest + data)
                self.note(units, back, now)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def note(self, units, back, now):
        seen = self.on_back if back else self.on_forth
        for unit in units:
            if self.split is mqtt_packets and unit[0] >> 4 != 3:  # PUBLISH
                continue
            if back:
                self.back += 1
            else:
                self.forth += 1
            if seen:
                seen(unit, now)


class Site:
    def __init__(self, programs, source, edits=()):
        self.folder = tempfile.mkdtemp(prefix="voltd-site-")
        self.programs = programs
        self.children = []
        ports = {name: free_port() for name in ("broker", "gx", "sol_ark", "api")}
        with open(f"{self.folder}/mosquitto.conf", "w") as conf:
            conf.write(f"listener {ports['broker']} 127.0.0.1\nallow_anonymous true\npersistence false\n")
        self.start([shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", f"{self.folder}/mosquitto.conf"])
        self.await_port(ports["broker"])
        self.broker_port = ports["broker"]
        self.start([f"{programs}/voltsim", "--speed", "1", "--start", "2025-06-21T12:00", "--tele-period", "60",
                    "--gx-port", str(ports["gx"]), "--sol-ark-port", str(ports["sol_ark"]),
                    "--broker", f"127.0.0.1:{ports['broker']}", "--control", f"{self.folder}/sim.sock"])
        self.await_port(ports["gx"])
        self.gx, self.mqtt = Wire(ports["gx"], modbus_frames), Wire(ports["broker"], mqtt_packets)
        ports["gx"], ports["broker"] = self.gx.port, self.mqtt.port
        self.config = self.configuration(source, ports, edits)

    def configuration(self, source, ports, edits):
        """Writes the example with the addresses of this site, live, and otherwise default polling."""
        text = open(source).read().replace("commands: shadow", "commands: live")
        text = text.replace("/var/lib/voltd/voltd.db", f"{self.folder}/voltd.db").replace("/run/voltd/token", f"{self.folder}/token")
        text = text.replace("192.168.1.20\n  port: 502", f"127.0.0.1\n  port: {ports['gx']}")
        text = re.sub(r"192\.168\.1\.21(.*)\n  port: 502", rf"127.0.0.1\1\n  port: {ports['sol_ark']}", text)
        text = text.replace("127.0.0.1:1883", f"127.0.0.1:{ports['broker']}").replace("127.0.0.1:8480", f"127.0.0.1:{ports['api']}")
        for pattern, by in edits:
            text, count = re.subn(pattern, by, text)
            if count == 0:
                sys.exit(f"the example has no {pattern}")
        path = f"{self.folder}/voltd.yaml"
        open(path, "w").write(text)
        return path

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
        sys.exit(f"nothing listens on port {port}")

    def simulate(self, *words):
        subprocess.run([f"{self.programs}/voltsim", *words, "--control", f"{self.folder}/sim.sock"], check=True,
                       stdout=subprocess.DEVNULL)

    def publish(self, topic, payload):
        subprocess.run(["mosquitto_pub", "-p", str(self.broker_port), "-t", topic, "-m", payload], check=True)

    def start_voltd(self):
        """Returns the process, ms from exec to READY, and ms from the GX's first answer to the first stage decided by it."""
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(f"{self.folder}/notify")
        notify.settimeout(0.001)
        log = f"{self.folder}/voltd.log"
        trace = open(log, "w")
        self.gx.answered_at = None
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
            if "decision" not in seen and re.search(r"(Stage|Battery) (?!blind)", open(log).read()):
                seen["decision"] = time.monotonic() - (self.gx.answered_at or begin)
        notify.close()
        return child, {name: round(1000 * value) for name, value in seen.items()}

    def end(self):
        end_all(self.children)
        shutil.rmtree(self.folder)
