"""Reason a load is off: one scene per gate, in which card, load view, `voltctl explain` and MQTT show the same sentence."""
import json
import re
import subprocess

import world
from voltsite import wait

primary, dump = "primary-s21-revenue", "dump-load-s19-1"
primary_path, dump_path = "/api/miners/d0000000-0000-0000-0000-000000000001", "/api/miners/d0000000-0000-0000-0000-000000000002"

free = {"start_voltage": 51.0, "stop_voltage": 50.5, "emergency_stop_voltage": 46.0, "require_sunny": False, "require_excess_solar": False, "minimum_solar_w": 0}


def timeless(text):
    return re.sub(r"\d+ (?:h|min|s)(?: \d+ (?:min|s))*", "#", text.replace("\u00a0", " "))


class Scene(world.Case):
    def setUp(self):
        super().setUp()
        self.back = []

    def tearDown(self):
        for undo in reversed(self.back):
            undo()
        self.site.simulate("set", "all", "auto")
        super().tearDown()

    def set(self, path, **fields):
        before = self.site.ask("GET", path)[1]
        status, answer = self.site.ask("PUT", path, fields)
        self.assertEqual(status, 200, answer)
        self.back.append(lambda: self.site.ask("PUT", path, {key: before[key] for key in fields}))

    def override(self, load, what):
        self.site.ask("POST", f"/api/overrides/{load}", {"override": what, **({"minutes": 30} if what != "auto" else {})})
        if what != "auto":
            self.back.append(lambda: self.override(load, "auto"))

    def sim(self, *words):
        self.site.simulate("set", *words)
        wanted = dict(zip(words[::2], words[1::2]))
        if "pv" in wanted:
            wait(lambda: abs(self.site.status("power").get("pv_w", 0) - int(wanted["pv"])) < 200, "the sun of the scene", 40)

    def sunny(self):
        """Removes all obstacles from battery and sun, and the house's own draw."""
        self.sim("voltage", "53.20", "pv", "12000", "house", "500")
        wait(lambda: self.site.status("battery").get("voltage_v") == 53.2, "the voltage of the scene", 40)

    def fault(self, device, what):
        self.site.simulate("fault", device, what, "600")
        self.back.append(lambda: self.site.simulate("fault", device, "none", "1"))

    def started(self):
        wait(lambda: self.site.status(f"miner/{primary}").get("starts_today", 0) > 0, "a start of the primary load", 40)

    def mqtt(self, load):
        done = subprocess.run(["mosquitto_sub", "-p", str(self.site.broker_port), "-t", f"voltd/solar-shack/miner/{load}", "-C", "1", "-W", "5"], capture_output=True, text=True)
        return json.loads(done.stdout)["text"] if done.stdout else ""

    def gates(self, load):
        return json.loads(self.site.ctl("explain", load, "--json"))["gates"]

    def agree(self, load, reason):
        """Checks that all four show one sentence of this reason. Times in it advance between two reads."""
        wait(lambda: self.site.status(f"miner/{load}").get("reason") == reason, lambda: f"{load}: {reason}, not {self.site.status(f'miner/{load}').get('reason')}", 40)
        self.page.go("#/")

        def same():
            said = timeless(self.site.status(f"miner/{load}")["text"])
            return said in timeless(self.page.text("main")) and said in timeless(self.site.ctl("explain", load)) and said == timeless(self.mqtt(load))
        self.page.until(same, f"card, voltctl and MQTT say the same of {load} ({reason}): {self.site.status(f'miner/{load}')['text']}", 40)
        self.page.go(f"#/load/{load}")
        self.page.until(lambda: timeless(self.site.status(f"miner/{load}")["text"]) in timeless(self.page.text("main")), "the load view says it too", 20)
        self.page.until(lambda: self.page.has("main table"), "its gates", 20)
        self.page.picture(f"why-{reason}")


class Fresh(Scene):
    """Runs first, while the primary load has no short failed run, after which it rests for minutes."""

    def test_priority(self):
        self.sunny()
        self.override(primary, "off")
        wait(lambda: self.site.status(f"miner/{primary}").get("state") == "off", "it is off", 40)
        self.set("/api/preferences", inverter_max_w=4000)  # the primary load does not fit into it, the dump load would
        self.override(primary, "auto")
        wait(lambda: self.site.status(f"miner/{primary}").get("reason") == "inverter", "the primary load waits for the inverter", 40)
        self.set(dump_path, **free)
        self.agree(dump, "priority")

    def test_runtime(self):
        self.sunny()
        wait(lambda: self.site.status(f"miner/{primary}").get("runtime_today_s", 0) > 4, "a run of the primary load", 40)
        self.set(primary_path, max_runtime_h_day=0.001)
        self.agree(primary, "runtime")

    def test_starts(self):
        self.sunny()
        self.started()
        self.override(primary, "off")
        wait(lambda: self.site.status(f"miner/{primary}").get("state") == "off", "it is off", 40)
        self.set(primary_path, max_starts_per_hour=1)  # stored now, active a tick later; a start must not come first
        wait(lambda: any(gate["gate"] == "starts" and gate.get("need") == 1 for gate in self.gates(primary)), "one start an hour is in force", 40)
        self.override(primary, "auto")
        self.agree(primary, "starts")


class Why(Scene):
    def test_voltage(self):
        self.sim("voltage", "48.90")
        self.agree(primary, "voltage")

    def test_disabled(self):
        self.set(dump_path, enabled=False)
        self.agree(dump, "disabled")

    def test_override_off(self):
        self.override(primary, "off")
        self.agree(primary, "override_off")

    def test_mode_off(self):
        self.site.ask("POST", "/api/mode", {"mode": "off"})
        self.back.append(lambda: self.site.ask("POST", "/api/mode", {"mode": "balanced"}))
        self.agree(primary, "mode_off")

    def test_sun(self):
        self.sim("voltage", "53.20", "pv", "7900")  # enough for its draw, not for its minimum
        self.set(dump_path, **{**free, "minimum_solar_w": 8000})
        self.agree(dump, "sun")

    def test_excess(self):
        self.sim("voltage", "53.20", "pv", "6000", "load", "1500")
        self.set(dump_path, **{**free, "require_excess_solar": True, "minimum_excess_w": 9000})
        self.agree(dump, "excess")

    def test_schedule(self):
        self.sim("voltage", "53.20", "pv", "12000", "load", "500")
        self.set(dump_path, start_voltage=51.0, stop_voltage=50.5, emergency_stop_voltage=46.0, preferred_start="02:00", preferred_end="03:00", allow_outside_schedule=False)
        self.agree(dump, "schedule")

    def test_weather(self):
        self.sim("voltage", "53.20", "pv", "12000", "load", "500", "weather", "cloudy")
        self.set(dump_path, **{**free, "require_sunny": True})
        self.agree(dump, "weather")

    def test_output(self):
        self.sim("voltage", "53.20", "pv", "12000", "load", "500")
        self.set(dump_path, **free, device_id=None)
        self.agree(dump, "output")

    def test_predicted_sag(self):
        self.sim("voltage", "53.20", "pv", "12000", "load", "500")
        self.set("/api/preferences", internal_resistance_mohm=80)
        self.set(dump_path, **free)
        self.agree(dump, "predicted_sag")

    def test_inverter(self):
        self.sim("voltage", "53.20", "pv", "12000")
        self.set("/api/preferences", inverter_max_w=2000)
        self.agree(primary, "inverter")

    def test_power(self):
        self.sim("voltage", "53.20", "pv", "500", "house", "500")
        self.set("/api/preferences", max_battery_discharge_w=500)
        self.agree(primary, "power")

    def test_shutdown(self):
        self.sim("voltage", "43.50")
        self.agree(primary, "shutdown")

    def test_critical(self):
        self.sim("voltage", "44.60")
        self.agree(primary, "critical")

    def test_stage(self):
        self.sim("voltage", "46.90", "pv", "12000", "house", "500")
        wait(lambda: self.site.status("battery").get("stage") in ("low", "recovering"), "a battery that is low, or was shut down", 40)
        self.set(dump_path, **{**free, "start_voltage": 46.5, "stop_voltage": 46.3})
        self.agree(dump, "stage")

    def test_hot_zone_and_stagger(self):
        self.sunny()
        self.sim("heat-room", "45.0")
        wait(lambda: self.site.status("zone/heat-room").get("temperature_c") == 45.0, "a hot room", 40)
        self.started()
        self.set(dump_path, **free)
        self.agree(dump, "zone")
        self.site.edit("start_stagger_s: 3", "start_stagger_s: 3600")
        self.back.append(lambda: self.site.edit("start_stagger_s: 3600", "start_stagger_s: 3"))
        self.agree(dump, "stagger")

    def test_waits_for_rest_source_budget(self):
        """Goes from the least severe to the most. Last of those that start a load, because the GX counts again only after half a minute."""
        self.sunny()
        self.set(dump_path, min_off_s=86400)
        self.set(dump_path, **free)
        self.agree(dump, "rest")
        self.fault("gx", "zeros")
        wait(lambda: self.site.status("battery").get("source") == "sol_ark", "a fallback source", 40)
        self.agree(dump, "source")
        self.set("/api/preferences", bank_wh=30700, budget_floor_percent=60)
        self.agree(dump, "budget")
