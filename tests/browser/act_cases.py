"""Overrides from the page: the simulator's relay follows, the dry run announced it before, shadow sends nothing."""
import os
import re
import signal

import world
from voltsite import wait

miner, relay = "primary-s21-revenue", "output/primary-s21"


class Act(world.Case):
    expect = (0, 503)  # around a reload

    def tearDown(self):
        for load in (miner, "heat-room/fan"):
            self.site.ask("POST", f"/api/overrides/{load}", {"override": "auto"})
        super().tearDown()

    def override(self, what, end=None):
        """Chooses in the open sheet. Returns the texts of dry run and button."""
        self.page.press(what, ".sheet")
        if end:
            self.page.press(end, ".sheet")
        would = self.page.until(lambda: (lambda text: text if text and "…" not in text else None)(self.page.text(".sheet .would")), "the dry run's answer")
        return would, self.page.text(".sheet .wide-button")

    def confirm(self):
        self.page.one(".sheet .wide-button").click()
        self.page.until(lambda: not self.page.has(".sheet"), "the sheet closes")

    def reported(self, output, state):
        wait(lambda: self.site.status(output).get("reported") == state, f"{output} reports {state}", 60)

    def test_on_with_an_end_then_auto_then_off(self):
        self.site.simulate("set", "voltage", "49.00")  # below its start voltage: only an override starts it
        try:
            self.site.ask("POST", f"/api/overrides/{miner}", {"override": "off"})
            self.reported(relay, "off")
            wait(lambda: self.site.status("zone/heat-room").get("temperature_c") is not None, "the room's sensor has reported")
            wait(lambda: "rest" not in str(self.site.status(f"miner/{miner}").get("blocked_by")), "it has rested")
            self.open_load()
            would, label = self.override("On", "15 min")
            self.assertRegex(label, r"^Switch on until \d\d:\d\d$")
            self.page.picture("override")
            self.confirm()
            self.reported(relay, "on")
            self.page.until(lambda: re.search(r"on until \d\d:\d\d", self.page.text("main")), "the override and its end on the page")
            self.assertRegex(would, r"Effect right now|Would start in \d")  # a hold is not a rejection
            self.open_load()
            _, label = self.override("Auto")
            self.assertEqual(label, "Back to auto")
            self.confirm()
            wait(lambda: self.site.status(f"miner/{miner}").get("override") == "auto", "auto")
            self.open_load()
            would, label = self.override("Off", "until I change it")
            self.assertEqual(label, "Switch off until I change it")
            self.confirm()
            self.reported(relay, "off")
            self.assertIsNone(self.site.status(f"miner/{miner}").get("override_until"))
        finally:
            self.site.simulate("set", "voltage", "auto")

    def open_load(self):
        self.page.go(f"#/load/{miner}")
        self.page.press("Override", "main")
        self.page.until(lambda: self.page.has(".sheet"), "the sheet")

    def test_a_fan_for_half_an_hour(self):
        self.page.go("#/load/heat-room/fan")
        self.page.press("Override", "main")
        self.override("On", "Other")
        field = self.page.one(".sheet input")
        field.clear()
        field.send_keys("30")
        self.page.until(lambda: self.page.text(".sheet .wide-button").startswith("Switch on until"), "the button says the end")
        self.confirm()
        self.reported("output/ac-infinity-1", "on")

    def test_the_mode_off_asks_once_more(self):
        self.page.go("#/")
        self.page.press("Mode…", "main")
        self.page.press("Off…", ".sheet")
        self.page.until(lambda: re.match("Effect right now|Nothing would", self.page.text(".sheet .would")), "what it would do")
        self.page.until(lambda: self.page.one(".sheet .wide-button").is_enabled(), "it was shown for a while")
        self.page.js("const act = document.querySelector('.sheet .wide-button'); act.click(); act.click()")  # double tap
        self.page.until(lambda: self.page.text(".sheet .wide-button").startswith("Yes"), "asks again")
        self.assertEqual(self.site.status("site")["mode"], "balanced")
        self.page.until(lambda: self.page.one(".sheet .wide-button").is_enabled(), "the question was shown for a while")
        self.page.one(".sheet .wide-button").click()
        wait(lambda: self.site.status("site")["mode"] == "off", "mode off")
        self.site.ask("POST", "/api/mode", {"mode": "balanced"})

    def test_shadow_sends_nothing_and_says_would(self):
        text = open(self.site.config).read()
        sent = []
        try:
            open(self.site.config, "w").write(text.replace("commands: live", "commands: shadow"))
            os.kill(self.site.voltd.pid, signal.SIGHUP)
            wait(lambda: self.site.status("site").get("commands") == "shadow", "shadow")
            self.site.mqtt.on_forth = lambda unit, now: sent.append(unit[1]) if b"cmnd/miner1/" in unit[1][:60] and unit[1].endswith((b"ON", b"OFF")) else None
            self.page.until(lambda: self.page.says("shadow", "main"), "the badge")
            self.open_load()
            _, label = self.override("Off", "15 min")
            self.assertIn("shadow", label)
            self.confirm()
            wait(lambda: self.site.status(f"miner/{miner}").get("override") == "off", "the override is taken")
            self.page.until(lambda: self.page.state() == "live", "live")
            self.assertEqual(sent, [])
        finally:
            self.site.mqtt.on_forth = None
            open(self.site.config, "w").write(text)
            os.kill(self.site.voltd.pid, signal.SIGHUP)
            wait(lambda: self.site.status("site").get("commands") == "live", "live again")
