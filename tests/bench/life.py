#!/usr/bin/env python3
"""Measures voltd's aging: memory, descriptors, threads and the longest turn over simulated days with faults, and their slopes.

life.py PROGRAMS [--days N] [--json]: a private broker, voltsim and voltd on loopback at 720 times the speed (a day is two minutes).
Each day has eight dark hours, and three faults of 96 minutes, each kind in turn. A figure is taken at the end of each day, the
longest turn over the day (sampled twice per second). The slope per day is the median over all pairs of days after the first fifth
(Theil and Sen), which is robust against outliers.
"""
import argparse
import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from default_site import end_all, free_port, memory_kib

SPEED = 720
DAY_S = 86400 / SPEED
START = "2025-06-21T05:30"
FAULTS = [("gx", "silent"), ("gx", "reset"), ("gx", "frozen"), ("gx", "exception"), ("gx", "zeros"), ("gx", "late"),
          ("gx", "slow"), ("gx", "shifted"), ("sol_ark", "silent"), ("sol_ark", "reset"), ("sol_ark", "late"),
          ("sol_ark", "shifted"), ("relay:miner1", "deaf"), ("relay:miner1", "offline"), ("relay:miner2", "stuck"),
          ("relay:heaters", "reboot"), ("relay:miner1", "meter-lost"), ("relay:miner2", "reboot-on"), ("sensors", "silent")]
FAULT_S, EVERY_S = 8, 40  # real seconds: duration of a fault, and time from one to the next
CONFIG = """\
site: solar-shack
database: {dir}/voltd.db
victron: {{ host: 127.0.0.1, port: {gx_port}, units: {{ system: 100, battery: 225, vebus: 227 }} }}
sol_ark: {{ host: 127.0.0.1, port: {sol_ark_port}, poll_s: 1 }}
mqtt: {{ url: "mqtt://127.0.0.1:{broker}" }}
outputs:
  - {{ id: primary-s21, dialect: tasmota, topic: miner1, meter: true, lease_s: 60 }}
  - {{ id: dump-load-s19-1, dialect: tasmota, topic: miner2, meter: true, lease_s: 60 }}
  - {{ id: heat-room-heater, dialect: tasmota, topic: heaters, channel: 1, lease_s: 60 }}
  - {{ id: main-room-heater, dialect: tasmota, topic: heaters, channel: 2, lease_s: 60 }}
sensors:
  - {{ id: heat-room, topic: zigbee2mqtt/heat-room, field: temperature, quantity: temperature }}
  - {{ id: main-room, topic: zigbee2mqtt/main-room, field: temperature, quantity: temperature }}
weather: {{ topic: weather/sunny, field: state, sunny_when: [sunny, clear] }}
api: {{ listen: "127.0.0.1:{api}", token_file: {dir}/token }}
control: {{ commands: live, start_hold_s: 2, stop_hold_s: 2, restart_hold_s: 5, blind_grace_s: 10, start_stagger_s: 3, settle_s: 4,
           confirm_s: 2, start_timeout_s: 8, adopt_timeout_s: 5 }}
"""
SETTINGS = """.timeout 5000
UPDATE miner_profiles SET min_on_s = 5, min_off_s = 3, max_starts_per_hour = 60;
UPDATE hvac_zones SET exhaust_fan_enabled = 0;
UPDATE user_preferences SET reserve_voltage = 48.5, bridge_wh = 0;
"""


def wait_for(what, condition, limit_s=60):
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"life.py: {what}")


class Site:
    def __init__(self, programs):
        self.programs = programs
        self.dir = tempfile.mkdtemp(prefix="voltd-life-")
        self.children = []

    def start(self, name, command):
        with open(f"{self.dir}/{name}.log", "w") as log:
            child = subprocess.Popen(command, stdout=log, stderr=log)
        self.children.append(child)
        return child

    def log(self, name):
        return open(f"{self.dir}/{name}.log").read()

    def begin(self):
        broker, self.api = free_port(), free_port()
        with open(f"{self.dir}/mosquitto.conf", "w") as conf:
            conf.write(f"listener {broker} 127.0.0.1\nallow_anonymous true\npersistence false\n")
        self.start("mosquitto", [shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", f"{self.dir}/mosquitto.conf"])
        self.start("voltsim", [f"{self.programs}/voltsim", "--speed", str(SPEED), "--start", START, "--seed", "7", "--gx-port", "0",
                               "--sol-ark-port", "0", "--tele-period", "1", "--miner-boot", "1", "--miner-ramp", "2",
                               "--broker", f"127.0.0.1:{broker}", "--control", f"{self.dir}/sim.sock"])
        wait_for("voltsim did not report its ports", lambda: "sol_ark_port" in self.log("voltsim"))
        ports = json.loads(self.log("voltsim").splitlines()[0])
        with open(f"{self.dir}/voltd.yaml", "w") as conf:
            conf.write(CONFIG.format(dir=self.dir, broker=broker, api=self.api, gx_port=ports["gx_port"],
                                     sol_ark_port=ports["sol_ark_port"]))
        self.voltd = self.start("voltd", [f"{self.programs}/voltd", "--config", f"{self.dir}/voltd.yaml",
                                          "--wall-clock", f"{SPEED}@{START}"])
        wait_for("voltd does not answer", lambda: self.turns() is not None)
        subprocess.run(["sqlite3", f"{self.dir}/voltd.db"], input=SETTINGS, text=True, check=True)

    def turns(self):
        """Returns the number of turns, and the duration of the last one in ms, or nothing if voltd does not answer."""
        try:
            token = open(f"{self.dir}/token").read().split()[0]
            request = urllib.request.Request(f"http://127.0.0.1:{self.api}/metrics", headers={"Authorization": f"Bearer {token}"})
            text = urllib.request.urlopen(request, timeout=5).read().decode()
        except (OSError, IndexError):
            return None
        value = {name: float(re.search(rf"^voltd_loop_{name} (\S+)", text, re.M).group(1)) for name in ("turns_total", "turn_seconds")}
        return value["turns_total"], 1000 * value["turn_seconds"]

    def fault(self, device, kind):
        subprocess.run([f"{self.programs}/voltsim", "fault", device, kind, str(FAULT_S), "--control", f"{self.dir}/sim.sock"],
                       stdout=subprocess.DEVNULL, check=True)

    def pin(self, value):
        subprocess.run([f"{self.programs}/voltsim", "set", "pv", value, "--control", f"{self.dir}/sim.sock"],
                       stdout=subprocess.DEVNULL, check=True)

    def figures(self):
        proc = f"/proc/{self.voltd.pid}"
        memory = memory_kib(self.voltd.pid)
        return {"pss_kib": memory["pss"], "own_kib": memory["private_dirty"], "fds": len(os.listdir(f"{proc}/fd")),
                "threads": len(os.listdir(f"{proc}/task"))}

    def end(self):
        end_all(self.children)
        shutil.rmtree(self.dir)


def live_a_day(site, until, faults):
    """Runs faults and clouds until `until`, and returns the figures of the day."""
    longest, next_fault, count = 0.0, time.monotonic(), 0
    while time.monotonic() < until:
        if site.voltd.poll() is not None:
            sys.exit(f"life.py: voltd ended with {site.voltd.returncode}\n" + site.log("voltd")[-2000:])
        if time.monotonic() >= next_fault and until - time.monotonic() > FAULT_S:
            site.fault(*next(faults))
            site.pin("1500" if count % 3 == 1 else "auto")
            count, next_fault = count + 1, next_fault + EVERY_S
        turns = site.turns()
        longest = max(longest, turns[1] if turns else 0)
        time.sleep(0.5)
    return {**site.figures(), "longest_turn_ms": round(longest, 2)}


def slope(values):
    """Returns the slope of the median line per day."""
    steps = [(b - a) / (j - i) for (i, a), (j, b) in itertools.combinations(enumerate(values), 2)]
    return statistics.median(steps) if steps else 0.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    site, days = Site(options.programs), []
    try:
        site.begin()
        begin, faults = time.monotonic(), itertools.cycle(FAULTS)
        for day in range(options.days):
            days.append(live_a_day(site, begin + (day + 1) * DAY_S, faults))
            print(f"day {day + 1}: {days[-1]}", file=sys.stderr)
        turns = site.turns()
        runs = subprocess.check_output(["sqlite3", f"{site.dir}/voltd.db", "SELECT count(*) FROM decisions"], text=True).strip()
    finally:
        site.end()
    settled = days[len(days) // 5:]
    slopes = {name: round(slope([day[name] for day in settled]), 4) for name in days[0]}
    if options.json:
        print(json.dumps({"days": days, "slopes": slopes}))
        return
    print(f"{options.days} days at {SPEED} times the speed, {turns[0] if turns else 0:.0f} turns, {runs} decisions, "
          f"load of this machine {os.getloadavg()[0]:.1f}:")
    print(f"  {'':16} {'first':>10} {'last':>10} {'slope a day':>12}")
    for name, value in slopes.items():
        print(f"  {name:16} {days[0][name]:>10} {days[-1][name]:>10} {value:>12}")


main()
