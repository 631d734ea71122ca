#!/usr/bin/env python3
"""run.py BUILD: tests shadow mode on a simulated site, then `voltctl go-live` on a pseudo-terminal, and back: messages on the wire, and the changed
byte of the file."""
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import time

tree = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(tree / "tests" / "doctor"))
sys.path.insert(0, str(tree / "tests" / "fakes"))
import doctorsite  # noqa: E402
from doctorsite import wait  # noqa: E402
from terminal import at_terminal  # noqa: E402

cases = []


def case(function):
    cases.append(function)
    return function


class ShadowSite(doctorsite.DoctorSite):
    """Healthy site of the doctor's tests, in shadow. Records the orders on the wire."""

    def __init__(self, programs):
        super().__init__(programs)
        self.text = self.text.replace("commands: live ", "commands: shadow ").replace("start_hold_s: 60 ", "start_hold_s: 3 ")
        self.text = re.sub(r"(?m)^(    topic: miner2\b.*\n)", r"\1    require_lease: false  # its contactor has no timer\n", self.text)
        assert "commands: shadow " in self.text and "start_hold_s: 3 " in self.text and "no timer" in self.text
        self.write(self.text)
        self.heard = open(f"{self.folder}/heard", "w")
        self.start(["mosquitto_sub", "-p", str(self.broker_port), "-t", "#", "-F", "%t %p"], stdout=self.heard)

    def write(self, text):
        pathlib.Path(self.config).write_bytes(text.encode())

    def file(self):
        return pathlib.Path(self.config).read_bytes().decode()

    def orders(self):
        """Returns the commands to outputs. Queries of their state have no payload, or are not among these."""
        lines = pathlib.Path(f"{self.folder}/heard").read_text(errors="replace").splitlines()
        return [line for line in lines if re.match(r"(cmnd/\S+/POWER\d* (ON|OFF)|(?!voltd/)\S+/set \S)", line)]

    def status(self):
        done = self.ctl("status", "--json")
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def commands(self):
        return self.status().get("site", {}).get("commands")

    def at_terminal(self, *words, answers):
        """Returns (exit code, text) of voltctl on a terminal. `answers`: pairs of shown and typed text, each used as often as it appears."""
        command = [f"{self.programs}/voltctl", "--config", self.config, *words]
        return at_terminal(command, answers, 240 * doctorsite.patience, self.environment())

    def go_live(self, name="solar-shack"):
        return self.at_terminal("go-live", "--root", self.machine.root, answers=(("to go live: ", name),))


def complete(site):
    ready = ("outputs.primary-s21.meter", "sensors.heat-room.fresh", "gx.units", "sol_ark.slave")
    wait(lambda: all(site.doctor("outputs", "sensors", "gx", "sol_ark")[1].get(name) == "ok" for name in ready), "the site is complete", 120)


@case
def in_shadow_no_order_goes_out(site):
    site.simulate("set", "voltage", "56.00")
    wait(lambda: site.status().get("output/primary-s21", {}).get("would_be") == "on", "the rules want the miner", 120)
    assert site.status()["output/primary-s21"]["reported"] == "off"

    def run():
        loads = json.loads(site.ctl("shadow", "--json").stdout)["loads"]
        return [load for load in loads if load["load"] == "primary-s21-revenue" and load["starts"] == 1]
    load = wait(run, "the report has the run", 60)[0]
    assert load["runs"][0]["goes_on"] and load["runs"][0]["start_text"], load
    text = site.ctl("shadow", "--since", "2h").stdout
    assert "longer runs than there would have been" in text and "would have run" in text, text
    assert site.ctl("shadow", "--since", "soon").returncode == 2
    # Someone switches it by hand. The report shows when it really ran.
    site.publish("cmnd/miner1/POWER", "ON")
    wait(lambda: site.status()["output/primary-s21"]["reported"] == "on", "the relay is on", 60)

    def really():
        loads = json.loads(site.ctl("shadow", "--json").stdout)["loads"]
        return any(load["load"] == "primary-s21-revenue" and load["really"] and load["really"]["starts"] == 1 for load in loads)
    wait(really, "the report has what really ran", 60)
    site.publish("cmnd/miner1/POWER", "OFF")
    wait(lambda: site.orders() == ["cmnd/miner1/POWER ON", "cmnd/miner1/POWER OFF"], "only these two commands on the wire", 60)
    complete(site)  # the meter reports again after a switch


@case
def refused_and_unchanged(site):
    done = subprocess.run([f"{site.programs}/voltctl", "--config", site.config, "go-live"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "terminal" in done.stderr, done
    newer = site.text.replace("log_level: info", "log_level: debug")
    line = newer[:newer.index("log_level: debug")].count("\n") + 1
    for text, words in ((newer, f"voltd.yaml:{line}: log_level: "),
                        (site.text.replace("  commands: shadow ", "  commands: &c shadow "), "an anchor"),
                        (site.text + "control: { commands: shadow }\n", "duplicate key")):
        site.write(text)
        code, shown = site.go_live()
        assert code == 1 and words in shown and "nothing was changed" in shown, shown
        assert site.file() == text
    site.write(site.text)
    code, shown = site.go_live(name="elsewhere")
    assert code == 1 and "not the name of the site" in shown, shown
    assert "miner Dump Load S19 #1: its contactor has no timer" in shown, shown
    assert shown.index("By going live you accept:") < shown.index("to go live: ") and "[y/N]" not in shown, shown
    assert site.file() == site.text and not os.path.exists(site.config + ".before-live")
    assert site.commands() == "shadow"


@case
def one_word_changes_and_orders_go_out(site):
    before = len(site.orders())
    code, shown = site.go_live()
    assert code == 0, shown
    assert "Orders that voltd would give now:" in shown and "primary-s21: on (is off)" in shown, shown
    assert site.file() == site.text.replace("commands: shadow ", "commands: live "), "more than a word changed"
    assert pathlib.Path(site.config + ".before-live").read_text() == site.text
    assert stat.S_IMODE(os.stat(site.config).st_mode) == 0o640
    assert site.commands() == "live"
    wait(lambda: "cmnd/miner1/POWER ON" in site.orders()[before:], "the order to the miner", 120)
    rows = subprocess.run(["sqlite3", site.database, "SELECT message FROM events WHERE subject = 'go-live'"], capture_output=True, text=True).stdout
    assert "Accepted by" in rows, rows
    code, shown = site.go_live()
    assert code == 0 and "already commands its outputs" in shown, shown


@case
def back_at_once(site):
    before = len(site.orders())
    done = site.ctl("go-live", "--back")
    assert done.returncode == 0, done
    assert site.file() == site.text and site.commands() == "shadow"
    assert "cmnd/miner1/POWER OFF" in site.orders()[before:], site.orders()[before:]
    assert "already" in site.ctl("go-live", "--back").stdout


@case
def back_in_a_file_with_mistakes(site):
    site.write(site.text.replace("commands: shadow ", "commands: live "))
    os.kill(site.voltd.pid, signal.SIGHUP)
    wait(lambda: site.commands() == "live", "live again", 120)
    bad = site.file() + "nonsense: [\r\n"
    site.write(bad)
    done = site.ctl("go-live", "--back")
    assert done.returncode == 0, done
    assert site.file() == bad.replace("commands: live ", "commands: shadow ")
    assert site.commands() == "shadow"


@case
def back_while_voltd_is_down(site):
    site.stop_voltd()
    site.write(site.text.replace("commands: shadow ", "commands: live "))
    done = site.ctl("go-live", "--back")
    assert done.returncode == 0 and "not running" in done.stdout, done
    assert site.file() == site.text
    code, shown = site.go_live()
    assert code == 3 and "start it first" in shown, (code, shown)
    os.remove(site.config)
    done = site.ctl("go-live", "--back")
    assert done.returncode == 1 and "cannot be read" in done.stderr, done


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    site = ShadowSite(doctorsite.programs_of(sys.argv[1]))
    passed = 0
    try:
        site.start_voltd_here()
        # Without a night budget and a rest, the voltage decides.
        site.ctl("miners", "set", "primary-s21-revenue", "min_off_s=0")
        site.simulate("set", "voltage", "49.00")  # nothing starts before its case
        complete(site)
        passed = sum([doctorsite.passes(one, site) for one in cases])
    finally:
        site.end()
    print(f"{passed} passed, {len(cases) - passed} failed")
    sys.exit(passed < len(cases))


main()
