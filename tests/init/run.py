#!/usr/bin/python3
"""run.py BUILD: tests `voltctl init` like an owner: on a pseudo-terminal, against a simulated GX and Sol-Ark at addresses of a network namespace of
this test, two hosts that are not Modbus devices, and a broker with recorded announcements. Needs root for the namespace. Without it, tests only
what needs no network, and the last line says so."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

tree = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(tree / "tests" / "doctor"))
import doctorsite  # noqa: E402

answers = tree / "tests/daemon/ctl/init"
patience = int(os.environ.get("VOLT_PATIENCE", "1"))
network, gx, sol_ark, junk, tarpit = "10.77.0", "10.77.0.20", "10.77.0.21", "10.77.0.30", "10.77.0.31"

announcements = [
    ("tasmota/discovery/AABBCC000001/config", {"t": "miner1", "fn": ["Primary S21"], "rl": [1, 0], "state": ["OFF", "ON"], "ft": "%prefix%/%topic%/",
                                               "tp": ["cmnd", "stat", "tele"]}),
    ("tasmota/discovery/AABBCC000001/sensors", {"sn": {"ENERGY": {"Power": 0}}}),
    ("shellies/shelly1pm-AABBCC/relay/0", "off"),
    ("shed/plug/status/switch:0", {"id": 0, "output": False, "apower": 0.0}),
    ("zigbee2mqtt/bridge/devices", [{"friendly_name": "left plug", "definition": {"exposes": [
        {"type": "switch", "features": [{"name": "state", "property": "state"}]}, {"type": "numeric", "property": "power"}]}},
        {"friendly_name": "heat-room", "definition": {"exposes": [{"type": "numeric", "property": "temperature"}]}}]),
    ("homeassistant/fan/exhaust1/exhaust_fan/config", {"name": "Exhaust", "cmd_t": "exhaust1/fan/exhaust_fan/command",
        "stat_t": "exhaust1/fan/exhaust_fan/state", "pct_cmd_t": "x", "spd_rng_max": 10, "avty_t": "exhaust1/status", "o": {"name": "ESPHome"}}),
    ("homeassistant/switch/pump/config", {"name": "Pump", "cmd_t": "pump/set", "stat_t": "pump/state"}),
    ("homeassistant/switch/broken/config", "{"),
]


# Simulated site for each answers file: cells of the bank (24 of lead-acid are like 16 of LiFePO4), and outputs. Relays without
# their own dialect are not simulated.
simulated = {
    "bank12": (4, ["shelly1=shelly1-AABBCC:heat-room-heater:500"]),
    "bank24": (8, ["shelly2=shed/plug:miner:1200"]),
    "fans": (15, ["esphome=exhaust1/exhaust_fan:heat-room-fan:10"]),
    "lead-acid": (16, ["zigbee=left plug:miner:900"]),
    "shack": (16, []),
}


class Failed(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Failed(what)


def wait(condition, what, seconds=60):
    end = time.monotonic() + seconds * patience
    while not condition():
        check(time.monotonic() < end, f"not in time: {what}")
        time.sleep(0.1)


class Dialog:
    """Program on its own terminal. Answers each prompt by the first rule whose text the prompt contains."""

    def __init__(self, command, folder):
        self.shown = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(command[0], command, {**os.environ, "TERM": "dumb"})

    def read(self, seconds):
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            return None
        self.shown += data.decode(errors="replace").replace("\r\n", "\n")
        return True if data else None

    def until(self, text, seconds=120):
        end = time.monotonic() + seconds * patience
        begin = len(self.shown)
        while text not in self.shown[self.mark:]:
            state = self.read(0.2)
            check(state is not None, f"it ended before it said {text!r}:\n{self.shown[-3000:]}")
            check(time.monotonic() < end, f"it never said {text!r}; since: {self.shown[begin:][-3000:]}")
        self.mark = self.shown.index(text, self.mark) + len(text)

    mark = 0

    def say(self, text):
        os.write(self.terminal, (text + "\n").encode())

    def interrupt(self):
        os.write(self.terminal, b"\x03")

    def end(self, seconds=60):
        """Returns its exit code."""
        end = time.monotonic() + seconds * patience
        while time.monotonic() < end:
            if self.read(0.1) is None:
                break
        _, status = os.waitpid(self.pid, 0)
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(status)


def forward(address, port):
    """Forwards TCP from `address`:502 to a loopback port, like a gateway."""
    listener = socket.create_server((address, 502))

    def carry(source, sink):
        try:
            while data := source.recv(4096):
                sink.sendall(data)
        except OSError:
            pass
        source.close(), sink.close()

    def accept():
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=carry, args=(near, far), daemon=True).start()
            threading.Thread(target=carry, args=(far, near), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()


def no_modbus(address, greeting):
    """Accepts connections on port 502, and sends something that is not Modbus, or nothing."""
    listener = socket.create_server((address, 502))
    kept = []

    def accept():
        while True:
            near, _ = listener.accept()
            kept.append(near)
            if greeting:
                near.sendall(greeting)
    threading.Thread(target=accept, daemon=True).start()


class Site:
    """Broker and voltsim with the messages they receive. Everything ends with the test."""

    def __init__(self, programs, folder):
        self.programs, self.folder, self.children = programs, folder, []
        (folder / "mosquitto.conf").write_text("listener 1883 127.0.0.1\nallow_anonymous true\npersistence false\n")
        self.start([shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", str(folder / "mosquitto.conf")], "mosquitto")
        wait(lambda: socket.socket().connect_ex(("127.0.0.1", 1883)) == 0, "the broker listens")
        self.start(["mosquitto_sub", "-t", "#", "-F", "%r %t %p"], "heard")
        for topic, payload in announcements:
            self.publish(topic, payload if isinstance(payload, str) else json.dumps(payload), retain=True)
        self.start([programs / "voltsim", "--gx-port", "0", "--sol-ark-port", "0", "--broker", "127.0.0.1:1883", "--control", folder / "sim.sock"], "voltsim")
        wait(lambda: "gx_port" in self.said("voltsim"), "voltsim says its ports")
        ports = json.loads(self.said("voltsim").splitlines()[0])
        forward(gx, ports["gx_port"]), forward(sol_ark, ports["sol_ark_port"])
        no_modbus(junk, b"220 printer ready\r\n"), no_modbus(tarpit, b"")

    def start(self, command, name):
        out = open(self.folder / f"{name}.log", "w")
        child = subprocess.Popen([str(it) for it in command], stdout=out, stderr=subprocess.STDOUT)
        self.children.append(child)
        return child

    def said(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def publish(self, topic, payload, retain=False):
        subprocess.run(["mosquitto_pub", "-t", topic, "-m", payload, *(["-r"] if retain else [])], check=True, timeout=30)

    def end(self):
        for child in reversed(self.children):
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


class Cases:
    def __init__(self, programs, folder, site):
        self.programs, self.folder, self.site = programs, folder, site
        self.ctl, self.voltd = str(programs / "voltctl"), str(programs / "voltd")

    def run(self, *command, **more):
        return subprocess.run([str(it) for it in command], capture_output=True, text=True, timeout=300 * patience, cwd=self.folder, **more)

    # ---- without a network

    def refusals(self):
        done = self.run(self.ctl, "init", stdin=subprocess.DEVNULL)
        check(done.returncode == 2 and "--answers" in done.stderr, f"without a terminal: {done}")
        done = self.run(self.ctl, "init", "--subnet", "8.8.8.0/24")
        check(done.returncode == 1 and "not a private network" in done.stderr, f"a public network: {done}")
        (self.folder / "bad.yaml").write_text((answers / "shack.yaml").read_text().replace("timezone:", "timezon:"))
        done = self.run(self.ctl, "init", "--answers", "bad.yaml", "--print")
        check(done.returncode == 1 and "bad.yaml:3:1: timezon" in done.stderr, f"an unknown key: {done}")
        check(self.run(self.ctl, "init", "--listen", "0").returncode == 2, "a value out of bounds is usage")

    def printed_answers_pass_the_check(self):
        made = self.run(self.ctl, "init", "--answers", answers / "shack.yaml", "--print")
        check(made.returncode == 0, f"--print: {made}")
        done = self.run(self.voltd, "--check", "--config", "/dev/stdin", input=made.stdout)
        check(done.returncode == 0, f"--check of standard input: {done}")

    def each_site_runs(self):
        for path in sorted(answers.glob("*.yaml")):
            place = self.folder / path.stem
            place.mkdir()
            made = self.run(self.ctl, "init", "--answers", path, "--output", place / "voltd.yaml", "--database", place / "voltd.db")
            check(made.returncode == 0, f"{path.name}: {made}")
            text = (place / "voltd.yaml").read_text()
            check(f'token_file: "{place}/token"' in text, f"{path.name}: the token is beside the database\n{text}")
            text = self.on_free_port(text)
            (place / "run.yaml").write_text(text.replace("/etc/voltd/mqtt.password", f"{place}/password"))
            (place / "password").write_text("secret\n")
            check(self.run(self.voltd, "--check", "--config", place / "run.yaml").returncode == 0, f"{path.name}: --check")
            self.runs(place / "run.yaml", path.name)

    @staticmethod
    def on_free_port(text):
        if 'listen: "0.0.0.0:8480"' in text:
            return text.replace("0.0.0.0:8480", f"0.0.0.0:{free_port()}")
        return re.sub(r"(?m)^api:.*\n", rf'\g<0>  listen: "127.0.0.1:{free_port()}"\n', text)

    def runs(self, config, name):
        voltd = subprocess.Popen([self.voltd, "--config", str(config)], stdout=subprocess.DEVNULL, stderr=open(f"{config}.log", "w"),
                                 env={**os.environ, "XDG_RUNTIME_DIR": str(self.folder)})
        try:
            wait(lambda: self.run(self.ctl, "--config", config, "status", "--json").returncode == 0, f"{name}: voltd answers")
            status = json.loads(self.run(self.ctl, "--config", config, "status", "--json").stdout)
            check(status["site"]["commands"] == "shadow", f"{name}: it runs in shadow")
        finally:
            voltd.send_signal(signal.SIGTERM)
            voltd.wait(30)

    def doctor_is_content(self):
        machine = doctorsite.Machine(str(self.folder / "machine"), 1883)
        for path in sorted(answers.glob("*.yaml")):
            if path.stem in simulated:
                self.content(path.stem, machine)

    def content(self, name, machine):
        """Runs voltd with the file that `init` made, on the site of the answers: no check of doctor fails."""
        cells, outputs = simulated[name]
        place = self.folder / name
        sim = self.site.start([self.programs / "voltsim", "--gx-port", "0", "--sol-ark-port", "0", "--broker", "127.0.0.1:1883", "--cells", cells,
                               "--control", place / "sim.sock", "--soc", "60", "--start", "2025-06-21T12:00", "--heat-room-topic",
                               "zigbee2mqtt/room" if name == "fans" else "zigbee2mqtt/heat-room",
                               *[word for it in outputs for word in ("--output", it)]], f"voltsim-{name}")
        wait(lambda: "gx_port" in self.site.said(f"voltsim-{name}"), "voltsim says its ports")
        ports = json.loads(self.site.said(f"voltsim-{name}").splitlines()[0])
        text = (place / "run.yaml").read_text().replace("battery: 226", "battery: 225")  # as in the simulated GX
        text = re.sub(r"(?m)^victron:\n(  .*\n)*", lambda it: self.at(it[0], ports["gx_port"]), text)
        text = re.sub(r"(?m)^sol_ark:\n(  .*\n)*", lambda it: self.at(it[0], ports["sol_ark_port"]), text)
        if name == "lead-acid":  # voltsim's plug has one contact, at the default base topic
            text = re.sub(r"(?m)^ *(base_topic|channel):.*\n", "", text)
        text = text.replace("framing: rtu", "framing: tcp").replace("0.0.0.0", "127.0.0.1")  # a simulated clock requires loopback
        config = place / "doctor.yaml"
        config.write_text(text)
        config.chmod(0o640)
        zone = re.search(r"^timezone: (\S+)", (answers / f"{name}.yaml").read_text(), re.M)[1]
        machine.put("etc/timezone", zone + "\n")
        state = place / "state"
        state.mkdir()
        environment = {**os.environ, "PATH": f"{machine.bin}:{os.environ['PATH']}", "XDG_RUNTIME_DIR": str(self.folder), "STATE_DIRECTORY": str(state)}
        voltd = subprocess.Popen([self.voltd, "--config", str(config), "--wall-clock", "1@2025-06-21T12:00"], stdout=subprocess.DEVNULL,
                                 stderr=open(f"{config}.log", "w"), env=environment)
        seen = []

        def content():
            done = self.run(self.ctl, "--config", config, "doctor", "--json", "--root", machine.root, env=environment)
            seen[:] = [f"{it['id']}: {it['text']}" for it in json.loads(done.stdout)["checks"] if it["state"] == "fail"] if done.stdout else [done.stderr]
            return done.returncode == 0
        try:
            answers_now = lambda: voltd.poll() is not None or self.run(self.ctl, "--config", config, "status", "--json", env=environment).returncode == 0
            wait(answers_now, f"{name}: voltd answers")
            if voltd.poll() is not None:
                raise Failed(f"{name}: voltd ended: " + pathlib.Path(f"{config}.log").read_text()[-600:])
            end = time.monotonic() + 90 * patience
            while not content():
                check(time.monotonic() < end, f"{name}: doctor is not content: {seen}")
                time.sleep(1)
        finally:
            voltd.send_signal(signal.SIGTERM)
            voltd.wait(30)
            sim.terminate()
            sim.wait(30)

    @staticmethod
    def at(section, port):
        section = re.sub(r"(?m)^(  host: )\S+", r"\g<1>127.0.0.1", section)
        section = re.sub(r"(?m)^  port: .*\n", "", section)
        return re.sub(r"(?m)^(  host: .*\n)", rf"\g<1>  port: {port}\n", section)

    def interrupted(self):
        dialog = Dialog([self.ctl, "init", "--no-scan", "--output", str(self.folder / "never.yaml"), "--database", str(self.folder / "never.db")], self.folder)
        dialog.until("Name of the site")
        dialog.say("shed")
        dialog.until("Your mail address")
        dialog.say("")
        dialog.until("Time zone")
        dialog.interrupt()
        dialog.until("Keep the answers")
        dialog.say("")
        check(dialog.end() == 1, "Ctrl-C ends with 1")
        check((self.folder / "voltd-init.answers.yaml").exists() and "site: shed" in (self.folder / "voltd-init.answers.yaml").read_text(),
              "the answers are kept")
        check(not (self.folder / "never.yaml").exists() and not (self.folder / "never.db").exists(), "nothing was written")

    # ---- with a network

    def interview(self, output):
        database = output.with_suffix(".db")
        dialog = Dialog([self.ctl, "init", "--listen", "3", "--output", str(output), "--database", str(database)], self.folder)
        for prompt, answer in [("Name of the site", "shed"), ("Your mail address", ""), ("Time zone", "Europe/Berlin"), ("Temperatures in", ""),
                               ("Latitude", "52.5"), ("Longitude", "13.4"), ("Its type", "solar-shack-16s"), ("Capacity in Ah", "600"),
                               ("battery's curve", "y"), ("Most that all loads", ""), ("Most that the inverter", ""), ("Look?", "")]:
            dialog.until(prompt), dialog.say(answer)
        dialog.until("GX: address"), dialog.say("")
        dialog.until("Sol-Ark: address"), dialog.say("")
        for prompt in ("Broker", "User name", "Ask Shellies"):
            dialog.until(prompt), dialog.say("")
        dialog.until("Enter: continue")
        self.site.publish("stat/miner1/POWER", "ON")
        dialog.until("Primary S21: now on")
        self.site.publish("stat/miner1/POWER", "OFF")
        dialog.until("Primary S21: now off"), dialog.say("")
        number = {name: re.search(rf"^ *(\d+) +{re.escape(name)} ", dialog.shown, re.M)[1]
                  for name in ("Primary S21", "shelly1pm-AABBCC", "shed/plug", "left plug", "Exhaust", "Pump")}
        for prompt, answer in [("How many", "1"), ("Name of the zone", "Heat Room"), ("Its fan", number["Exhaust"]), ("The fan runs from", ""), ("It stops again", ""), ("Its heater", number["shed/plug"]),
                               ("Watts of the heater", ""), ("Its temperature", "heat-room"), ("Is the battery", "y"), ("How many", "2"),
                               ("Name of the miner", "Primary"), ("Its relay", number["Exhaust"]), ("needs a relay", number["shed/plug"]),
                               ("already", number["Primary S21"]), ("nominal watts", "3878"), ("Its zone", ""), ("Name of the miner", "Second"),
                               ("Its relay", number["shelly1pm-AABBCC"]), ("switches off by itself", ""), ("nominal watts", "1000"), ("Its zone", "none"),
                               ("by plain HTTP", "n"), ("Write ", "p"), ("Write ", "")]:
            dialog.until(prompt), dialog.say(answer)
        dialog.until("Written: ")
        check(dialog.end() == 0, "the interview ends with 0")
        return dialog.shown

    def whole_interview(self):
        shown = self.interview(self.folder / "site.yaml")
        for text in (f"{gx}:", "There, by Europe/Berlin, the sun rises at", "Battery: the Solar Shack's own", "225 battery", f"{junk}: answers, but not Modbus", f"{tarpit}: answers, but not Modbus", "1 not understood", f"voltd --config {self.folder}/site.yaml", f"--config {self.folder}/site.yaml status"):
            check(text in shown, f"shown: {text}\n{shown}")
        done = self.run(self.voltd, "--check", "--config", "site.yaml")
        check(done.returncode == 0 and "not defined in voltd.yaml" not in done.stdout, f"--check: {done.stdout}")
        text = (self.folder / "site.yaml").read_text()
        for part in (f"host: {gx}", f"host: {sol_ark}", "battery: 225", "commands: shadow", "dialect: shelly-gen1", "dialect: esphome", "site_place:"):
            check(part in text, f"in the file: {part}\n{text}")
        self.nothing_was_switched()
        (self.folder / "live.yaml").write_text(self.on_free_port(text))
        self.runs(self.folder / "live.yaml", "the interview's site")

    def nothing_was_switched(self):
        orders = [line for line in self.site.said("heard").splitlines()
                  if re.match(r"\d (cmnd/\S+/POWER\d*|\S+/set|\S+/command|\S+/command/switch:\d|\S+/rpc) .*(ON|OFF|\bon\b|\boff\b|Switch\.Set)", line)]
        check(not orders, f"orders on the wire: {orders}")

    def twice(self):
        before = (self.folder / "site.yaml").read_bytes()
        shown = self.interview(self.folder / "site.yaml")
        check("site.yaml.new" in shown and (self.folder / "site.yaml.new").exists(), "the second file lies beside the first")
        check((self.folder / "site.yaml").read_bytes() == before, "the first is as it was")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def in_namespace():
    """Runs this test again in a separate network. Returns false if that is not possible here."""
    if os.geteuid() != 0 or os.environ.get("VOLT_INIT_INSIDE"):
        return bool(os.environ.get("VOLT_INIT_INSIDE"))
    if subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode != 0:
        return False
    os.execvpe("unshare", ["unshare", "-n", sys.executable, *sys.argv], {**os.environ, "VOLT_INIT_INSIDE": "1"})


def make_network():
    for words in ("link set lo up", "link add volt0 type veth peer name volt1", "link set volt1 up", "link set volt0 up", f"addr add {network}.1/26 dev volt0",
                  *(f"addr add {it}/26 dev volt0" for it in (gx, sol_ark, junk, tarpit))):
        subprocess.run(["ip", *words.split()], check=True)


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    inside = in_namespace()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="voltd-init-") as name:
        folder, site = pathlib.Path(name), None
        try:
            if inside:
                make_network()
                site = Site(programs, folder)
            cases = Cases(programs, folder, site)
            alone = [cases.refusals, cases.printed_answers_pass_the_check, cases.each_site_runs, cases.interrupted]
            for case in alone + ([cases.doctor_is_content, cases.whole_interview, cases.twice] if inside else []):
                begun = time.monotonic()
                try:
                    case()
                    passed += 1
                    print(f"ok      {case.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
                except (Failed, subprocess.SubprocessError, OSError) as error:
                    failed += 1
                    print(f"FAILED  {case.__name__}: {error}", flush=True)
        finally:
            if site:
                site.end()
    if not inside:
        print("skipped: the interviews, which need root for a network namespace")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
