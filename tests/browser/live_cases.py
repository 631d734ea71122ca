"""Checks that the page shows voltd's data, and that every state of the link is reached and left."""
import json
import time

import browser
import world
from voltsite import Between, wait


class Live(world.Case):
    expect = (0, 503)

    def test_the_voltage_is_that_of_the_api(self):
        self.assertEqual(self.page.state(), "live")
        for volts in ("51.40", "52.75"):
            self.site.simulate("set", "voltage", volts)
            wait(lambda: abs(self.site.status("battery").get("voltage_v", 0) - float(volts)) < 0.005, "the API has the voltage")
            self.page.until(lambda: self.page.says(volts + " V", ".voltage") or self.page.says(volts, ".voltage"), f"{volts} V on the page", 3)
        self.site.simulate("set", "voltage", "auto")

    def test_the_registers_of_a_source_are_what_the_last_poll_read(self):
        self.page.go("#/sources")
        self.page.press("Registers", "main")
        name = self.page.text(".sheet").split("Registers of ")[1].split()[0]
        raw = self.site.ask("GET", f"/api/sources/{name}/registers")[1]["registers"]
        self.page.until(lambda: raw and all(row["name"] in self.page.text(".sheet") for row in raw), "each register by name")
        self.page.until(lambda: self.page.says("Opening this does not poll the device", ".sheet"), "that nothing was asked")
        self.page.picture("registers")

    def test_a_stopped_voltd_is_late_then_cut_and_live_again_without_a_load(self):
        self.page.js("window.untouched = true")
        self.page.press("Mode…", "main")
        self.page.press("Conservative…", ".sheet")
        self.page.until(lambda: self.page.one(".sheet .wide-button").is_enabled(), "the mode can be set")
        self.site.halt()
        try:
            self.page.until(lambda: self.page.state() == "late", "late", 12)
            self.page.until(lambda: self.page.state() == "cut", "cut", 25)
            self.assertTrue(self.page.has("#banner"))
            self.assertTrue(self.page.has(".voltage"), "old values stay")
            self.page.until(lambda: all(not node.is_enabled() for node in self.page.all("[data-change]")), "controls are off", 5)
            self.page.press("Aggressive…", ".sheet")
            self.assertFalse(self.page.one(".sheet .wide-button").is_enabled(), "nor by another choice in a sheet that stands open")
            self.page.press("Close", ".sheet")
            self.page.picture("state-cut")
        finally:
            self.site.go_on()
        self.page.until(lambda: self.page.state() == "live", "live again", 25)
        self.assertTrue(self.page.js("return window.untouched"))

    def test_a_restart_keeps_the_page_and_the_session(self):
        self.page.js("window.untouched = true")
        self.site.restart()
        self.page.until(lambda: self.page.state() == "live" and not self.page.has("#banner"), "live after a restart", 40)
        self.assertTrue(self.page.js("return window.untouched"))


class States(world.Case):
    """Cases for states that a real voltd seldom reaches, created by a server in between."""

    expect = (0, 401, 403, 421, 502, 503)

    def setUp(self):
        super().setUp()
        self.between = Between(self.site)
        self.page.others = (self.between.base,)

    def tearDown(self):
        super().tearDown()
        self.between.end()

    def answer(self, change):
        """Returns voltd's /api/live with changes."""
        def made(path):
            status, body = self.site.ask("GET", "/api/live")
            return status, {"Content-Type": "application/json"}, json.dumps(change(body)).encode()
        self.between.answers["/api/live"] = made

    def shows(self, state, seconds=30):
        self.page.until(lambda: self.page.state() == state, state, seconds)
        self.page.picture("state-" + state)

    def test_loading(self):
        self.between.answers["/api/live"] = lambda path: time.sleep(4)
        self.page.open("#/", self.between.base)
        self.shows("loading", 5)
        self.page.until(lambda: self.page.says("trying"), "still trying", 10)

    def test_stuck_by_its_own_word(self):
        self.between.answers["/api/live"] = lambda path: (503, {"Content-Type": "application/json"}, b'{"error":"loop late"}')
        self.page.open("#/", self.between.base)
        self.shows("stuck")

    def test_stuck_because_time_stands_still(self):
        _, first = self.site.ask("GET", "/api/live")
        self.answer(lambda body: {**body, "at": first["at"]})
        self.page.open("#/", self.between.base)
        self.shows("stuck")

    def test_busy_stays_as_it_is(self):
        self.page.open("#/", self.between.base)
        self.page.until(lambda: self.page.state() == "live", "live")
        self.between.answers["/api/live"] = lambda path: (503, {"Content-Type": "application/json", "Retry-After": "30"}, b'{"error":"busy"}')
        self.shows("busy")
        self.assertFalse(self.page.has("#banner"))

    def test_other_version_waits_for_a_draft(self):
        self.page.open("#/", self.between.base)
        self.page.until(lambda: self.page.state() == "live", "live")
        self.page.js("sessionStorage.setItem('draft/x', '{}')")
        self.answer(lambda body: {**body, "ui": "00000000", "full": True})
        self.shows("other-version")
        self.assertTrue(self.page.button("Reload"))
        self.page.js("sessionStorage.clear()")

    def test_garbage_is_a_failed_poll_and_not_a_blank_page(self):
        self.page.open("#/", self.between.base)
        self.page.until(lambda: self.page.state() == "live", "live")
        self.between.answers["/api/live"] = lambda path: (200, {"Content-Type": "application/json"}, b'{"boot":"')
        self.page.until(lambda: self.page.state() in ("late", "cut"), "late", 30)
        self.assertTrue(self.page.has(".voltage"))

    def test_an_answer_of_another_voltd(self):
        """Missing keys become dashes, unknown keys and odd values are ignored. No part fails, and the rest keeps working."""
        odd = ({}, {"state": {}, "text": [], "blocked_by": 5, "since": {}, "override": {}, "power_w": "x"}, {"unknown": 1})

        def change(body):
            objects = {topic: odd[i % 3] for i, topic in enumerate(body["objects"])}
            return {**body, "full": True, "objects": {**objects, "battery": {"voltage_v": "x", "stage": None}, "power": {}, "new/thing": {"x": 1}}, "new": 1}
        for view in ("#/", "#/load/primary-s21-revenue", "#/outputs", "#/sources", "#/alarms", "#/more"):
            self.between.answers.clear()
            self.page.open(view, self.between.base)
            self.page.until(lambda: self.page.state() == "live", "live")
            self.answer(change)
            self.page.until(lambda: " V" not in self.page.js("return document.title"), f"no voltage in the title of {view}")
            self.assertEqual(self.page.all(".failed"), [], view)
        self.page.go("#/")
        self.page.until(lambda: self.page.text(".voltage") == "–" and self.page.has(".blind"), "a dash, and that there is no voltage")
        self.answer(lambda body: {**body, "full": True})
        self.page.until(lambda: self.page.says("V", ".voltage"), "the voltage is back")

    def test_signed_out_keeps_what_was_shown(self):
        self.page.open("#/", self.between.base)
        self.page.until(lambda: self.page.state() == "live", "live")
        self.page.sign_out()
        self.shows("signed-out")
        self.assertTrue(self.page.has(".sheet"))


class Odd(world.Case):
    def test_a_browser_that_keeps_nothing_and_has_a_wrong_clock(self):
        source = """for (const name of ['localStorage', 'sessionStorage'])
            Object.defineProperty(window, name, {get() { throw new DOMException('refused', 'SecurityError'); }});
            const now = Date.now; Date.now = () => now() - 20 * 31557600000;"""
        script = self.page.cdp("Page.addScriptToEvaluateOnNewDocument", source=source)["identifier"]
        try:
            for view in ("#/", "#/history?h=6", "#/settings/battery"):
                world.settle(self.page, view)
                self.page.until(lambda: self.page.state() == "live", f"live at {view}")
                self.assertEqual(self.page.text("#age"), "")
                self.assertEqual(self.page.all(".failed"), [], view)
            field = self.page.until(lambda: self.page.one("#f-voltage_float"), "a field")
            field.send_keys(browser.Keys.CONTROL, "a")
            field.send_keys("55.1")
            self.page.until(lambda: self.page.says("1 change"), "a draft")
            self.page.js("window.onbeforeunload = null")
            self.page.press("Discard")
            self.page.press("Discard", ".sheet")
        finally:
            self.page.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=script)


class ViewOnly(world.Case):
    role = "view"

    def test_there_is_no_control(self):
        self.page.until(lambda: self.page.state() == "view-only", "view-only")
        for view in world.views:
            if view == "#/login":
                continue
            world.settle(self.page, view, load=False)
            self.assertEqual([node.text for node in self.page.all("[data-change]")], [], view)
        self.page.go("#/")
        self.page.picture("state-view-only")


class RefusedName(world.Case):
    role = None
    expect = (421,)

    def test_a_foreign_name_gets_an_explanation(self):
        port = self.site.api.split(":")[1]
        driver = browser.start(arguments=("--host-resolver-rules=MAP volts.example 127.0.0.1",))
        try:
            driver.get(f"http://volts.example:{port}/")
            self.assertIn("api.hosts", driver.page_source)
        finally:
            driver.quit()


