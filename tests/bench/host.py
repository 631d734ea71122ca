#!/usr/bin/env python3
"""Measures voltd on a small machine: sizes, memory, CPU and switches by thread, exchanges and messages at default polling, time to
READY and to the first decision.

host.py PROGRAMS PACKAGE [--minutes N] [--runs N] [--json]: a private broker and voltsim on loopback, voltd on a fresh database.
The runs (3) share the minutes, and each figure is their median. Memory and CPU are those of voltd's process, at
the end of a run. voltd measures none of them itself.
"""
import argparse
import json
import os
import signal
import subprocess
import time

from default_site import Site, by_thread, median, memory_kib, threads

GOALS = {"deb_bytes": 2_000_000, "pss_kib": 8192, "cpu_ms_per_s": 0.6, "switches_per_s": 9, "gx_exchanges_per_s": 2.4,
         "first_decision_ms": 300}
LIBRARY = "MQTTAsync"  # threads of the MQTT library, which wake by themselves


def starts(site, rounds=5):
    """Returns median times of several starts. The last voltd keeps running. The first one makes the database."""
    times = []
    for left in range(rounds, 0, -1):
        child, seen = site.start_voltd()
        times.append(seen)
        os.unlink(f"{site.folder}/notify")
        if left > 1:
            child.send_signal(signal.SIGTERM)
            child.wait(10)
    every = {name: sorted(one[name] for one in times if name in one) for name in ("ready", "decision")}
    return child, {name: values[len(values) // 2] if values else None for name, values in every.items()}


def measure(options, minutes):
    figures = {"deb_bytes": os.path.getsize(options.package),
               "installed_kib": int(subprocess.check_output(["dpkg-deb", "-f", options.package, "Installed-Size"]))}
    site = Site(options.programs, f"{os.path.dirname(os.path.abspath(__file__))}/../../schema/voltd.example.yaml")
    try:
        child, middle = starts(site)
        figures.update({"ready_ms": middle["ready"], "first_decision_ms": middle["decision"]})
        settle = min(60, minutes * 60 / 4)
        time.sleep(settle)
        before, wires = threads(child.pid), (site.gx.back, site.mqtt.forth, site.mqtt.back)
        begin = time.monotonic()
        time.sleep(minutes * 60 - settle)
        after, passed = threads(child.pid), time.monotonic() - begin
        wires = [(now - then) / passed for now, then in zip((site.gx.back, site.mqtt.forth, site.mqtt.back), wires)]
        figures.update({f"{key}_kib": value for key, value in memory_kib(child.pid).items()})
    finally:
        site.end()
    rates = by_thread(before, after, passed)
    figures["cpu_ms_per_s"] = round(sum(cpu for cpu, _ in rates.values()), 3)
    figures["switches_per_s"] = round(sum(switches for _, switches in rates.values()), 2)
    figures["library_switches_per_s"] = round(sum(rate[1] for name, rate in rates.items() if name.startswith(LIBRARY)), 2)
    for name, rate in zip(("gx_exchanges_per_s", "messages_sent_per_s", "messages_received_per_s"), wires):
        figures[name] = round(rate, 2)
    figures["threads"] = {name: {"cpu_ms_per_s": round(cpu, 3), "switches_per_s": round(switches, 2)}
                          for name, (cpu, switches) in rates.items()}
    return figures


def middle_of(runs):
    """Returns the median of each figure over the runs, including the threads."""
    figures = {name: median([run[name] for run in runs]) for name in runs[0] if name != "threads"}
    names = dict.fromkeys(name for run in runs for name in run["threads"])
    idle = {"cpu_ms_per_s": 0, "switches_per_s": 0}
    figures["threads"] = {name: {part: median([run["threads"].get(name, idle)[part] for run in runs]) for part in idle}
                          for name in names}
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("package")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = middle_of([measure(options, options.minutes / options.runs) for _ in range(options.runs)])
    if options.json:
        print(json.dumps(figures))
        return
    print(f"voltd at default polling, {options.minutes:g} min in {options.runs} runs (medians), "
          f"load of this machine {os.getloadavg()[0]:.1f}:")
    rates = figures.pop("threads")
    for name, value in figures.items():
        goal = f"   (goal: {GOALS[name]} at most)" if name in GOALS else ""
        print(f"  {name:24} {value if value is not None else '-':>10}{goal}")
    print(f"  {'thread':24} {'CPU ms/s':>10} {'switches/s':>11}")
    for name, rate in rates.items():
        print(f"  {name:24} {rate['cpu_ms_per_s']:>10.3f} {rate['switches_per_s']:>11.2f}")


main()
