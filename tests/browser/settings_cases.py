"""Forms: voltd's words for errors, active when saved, undone byte for byte, two editors, drafts that survive."""
import os
import signal

import browser
import seed
import voltsite
import world
from voltsite import Between, Lost, wait

primary, dump = "d0000000-0000-0000-0000-000000000001", "d0000000-0000-0000-0000-000000000002"
preferences = "/api/preferences"


class Settings(world.Case):
    expect = (0, 400, 401, 404, 412, 502, 503)

    def tearDown(self):
        self.page.js("window.onbeforeunload = null; sessionStorage.clear()")
        super().tearDown()

    def open(self, view):
        self.page.go(view)
        self.page.until(lambda: self.page.has("input[id^=f-]"), f"the form of {view}", 30)

    def put(self, field, value):
        node = self.page.until(lambda: self.page.one(f"#f-{field}"), f"the field {field}")
        self.page.js("arguments[0].scrollIntoView({block: 'center'})", node)
        node.send_keys(browser.Keys.CONTROL, "a")
        node.send_keys(str(value))
        return node

    def fault(self, field):
        return self.page.text(f"#f-{field}-fault").replace("\u00a0", " ")

    def row(self, path):
        return {key: value for key, value in self.site.ask("GET", path)[1].items() if key != "updated_at"}

    def save(self):
        self.page.press("Save")
        self.page.until(lambda: self.page.has(".sheet") or self.page.has("#notice") or self.page.has(".draft-said"), "an answer")
        if self.page.has(".sheet"):
            self.page.press("Save", ".sheet")

    # ---- each field of three forms

    def refuses(self, view, path):
        """Rejects an extreme value in each number field with voltd's words. After that the field is as before."""
        self.open(view)
        fields = self.page.js("return Array.from(document.querySelectorAll('input.digits[id^=f-]')).map(n => n.id.slice(2))")
        self.assertGreater(len(fields), 3)
        for field in fields:
            with self.subTest(form=view, field=field):
                before = self.page.one(f"#f-{field}").get_attribute("value")
                self.put(field, "9999999")
                said = self.page.until(lambda: self.fault(field), f"a fault at {field}")
                status, refusal = self.site.ask("PUT", path + "?dry_run=1", {field: 9999999})
                self.assertEqual(status, 400)
                self.assertIn(refusal["error"], said)
                self.put(field, before or browser.Keys.DELETE)
                self.page.until(lambda: not self.fault(field), f"{field} is as before")

    def test_the_battery_refuses(self):
        self.refuses("#/settings/battery", preferences)

    def test_a_miner_refuses(self):
        self.refuses(f"#/settings/miners/{primary}", f"/api/miners/{primary}")

    def test_a_zone_refuses(self):
        zone = self.site.ask("GET", "/api/hvac/zones")[1][0]["id"]
        self.refuses(f"#/settings/zones/{zone}", f"/api/hvac/zones/{zone}")

    # ---- saving

    def test_a_start_voltage_is_changed_after_its_effect_was_seen_and_undone(self):
        path = f"/api/miners/{dump}"
        before = self.row(path)
        self.open(f"#/settings/miners/{dump}")
        self.put("start_voltage", "54.2")
        self.page.press("Check effect")
        self.page.until(lambda: self.page.says("54.20 V", ".sheet"), "the effect")
        self.page.picture("settings-effect")
        self.assertEqual(self.row(path), before, "a dry run changes nothing")
        self.page.press("Close", ".sheet .sheet-foot")
        self.save()
        wait(lambda: self.row(path)["start_voltage"] == 54.2, "it is saved")
        wait(lambda: "54.2" in str(self.site.status("miner/dump-load-s19-1").get("blocked_by")), "it is in force")
        self.page.until(lambda: self.page.says("Saved"), "the page says so")
        self.page.press("Undo", "#notice")
        wait(lambda: self.row(path) == before, "undone to the byte")
        who = self.site.ask("GET", "/api/settings/history?limit=1")[1][0]["who"]
        self.assertTrue(who.startswith("browser "), who)

    def test_a_draft_is_replayed_over_the_last_day(self):
        path = f"/api/miners/{dump}"
        before = self.row(path)
        seed.raw(self.site.database, voltsite.begin - 23 * 3600, 6, voltsite.offset_s)
        agrees = "With your current settings, the replay matches the record "
        self.open(f"#/settings/miners/{dump}")
        self.put("start_voltage", "54.2")
        self.page.press("Check effect")
        self.page.press("Replay my last 24 h", ".sheet")
        self.page.until(lambda: self.page.says(agrees, ".sheet"), "the answer", 60)
        for words in ("Lowest voltage", "of the range was replayed", "stored energy is not modeled"):
            self.assertTrue(self.page.says(words, ".sheet"), words)
        self.page.picture("settings-whatif")
        self.page.press("Close", ".sheet .sheet-foot")
        self.page.go("#/whatif")
        self.page.until(lambda: self.page.says("54.20 V", "main"), "the draft in What-if", 30)
        self.page.press("Last 24 h", "main")
        self.page.until(lambda: self.page.says(agrees, "main") and self.page.says("Lowest voltage", "main"), "the answer", 60)
        self.assertTrue(self.page.js("return document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways")
        self.page.picture("whatif-answer")
        self.assertEqual(self.row(path), before, "nothing is saved")

    def test_an_undo_from_the_changes(self):
        before = self.row(preferences)
        self.assertEqual(self.site.ask("PUT", preferences, {"voltage_float": 55.4})[0], 200)
        self.page.go("#/settings/changes")
        self.page.until(lambda: self.page.says("55.40 V"), "the change", 30)
        self.page.click(self.page.all("[data-change-number] button")[0])
        self.page.press("Undo", ".sheet .sheet-foot")
        wait(lambda: self.row(preferences) == before, "undone to the byte")

    def test_two_editors(self):
        before = self.row(preferences)["voltage_float"]
        self.open("#/settings/battery")
        self.put("voltage_float", "55.2")
        self.site.ask("PUT", preferences, {"voltage_float": 55.3})
        self.page.press("Save")
        self.page.until(lambda: self.page.has(".conflict"), "both values")
        self.assertTrue(self.page.says("Keep yours: 55.20 V", ".conflict") and self.page.says("Take theirs: 55.30 V", ".conflict"))
        self.page.picture("settings-conflict")
        self.page.press("Keep yours: 55.20 V", ".conflict")
        self.save()
        wait(lambda: self.row(preferences)["voltage_float"] == 55.2, "the chosen one is saved")
        self.site.ask("PUT", preferences, {"voltage_float": before})

    # ---- a row that others changed or deleted meanwhile

    def spare(self):
        """Adds a miner for this test only, and opens its form with a draft of its power."""
        status, row = self.site.ask("POST", "/api/miners", {"name": "Spare", "power_draw_w": 900, "start_voltage": 56, "stop_voltage": 55, "emergency_stop_voltage": 50})
        self.assertEqual(status, 201)
        path = f"/api/miners/{row['id']}"
        self.addCleanup(self.site.ask, "DELETE", path)
        self.open(f"#/settings/miners/{row['id']}")
        self.put("power_draw_w", "950")
        self.page.until(lambda: self.page.says("1 change"), "a draft")
        return row["id"], path

    def drafts(self):
        return self.page.js("return Object.keys(sessionStorage).filter(key => key.indexOf('draft/') >= 0)")

    def test_delete_and_disable_show_what_was_changed_meanwhile(self):
        for act in ("Delete", "Disable"):
            with self.subTest(act=act):
                _, path = self.spare()
                self.site.ask("PUT", path, {"power_draw_w": 1000})
                self.page.press(act, "main .acts")
                self.page.until(lambda: self.page.has(".conflict"), "both values")
                self.assertFalse(self.page.has(".sheet"))
                self.assertTrue(self.row(path)["enabled"])
                self.page.press("Take theirs: 1,000 W", ".conflict")
                self.page.press(act, "main .acts")
                self.page.press(act, ".sheet")
                wait(lambda: self.site.ask("GET", path)[1].get("enabled") is not True, f"{act} is done")
                self.site.ask("DELETE", path)

    def test_the_draft_of_a_deleted_row_is_removed(self):
        gone = "Spare was deleted elsewhere."
        _, path = self.spare()
        self.assertEqual(len(self.drafts()), 1)
        self.site.ask("DELETE", path)
        self.page.press("Save")
        self.page.until(lambda: self.page.says(gone, "#notice"), "it is said")
        self.page.until(lambda: self.page.js("return location.hash") == "#/settings/miners", "the list")
        self.assertEqual(self.drafts(), [])
        row, path = self.spare()
        self.page.js("location.hash = '#/'")
        self.page.until(lambda: self.page.says("was kept", "#notice"), "the draft is kept")
        self.site.ask("DELETE", path)
        self.page.go(f"#/settings/miners/{row}")
        self.page.until(lambda: self.page.says(gone, "#notice"), "it is said")
        self.assertEqual(self.drafts(), [])

    def test_a_draft_survives_a_reload_and_a_sign_in(self):
        self.open("#/settings/battery")
        self.put("voltage_float", "55.1")
        self.page.until(lambda: self.page.says("1 change"), "a draft")
        self.page.js("location.reload()")
        self.accept()
        self.page.until(lambda: self.page.says("1 change") and self.page.one("#f-voltage_float").get_attribute("value") in ("55.1", "55.10"), "the draft after a reload", 30)
        self.page.sign_out()
        self.page.until(lambda: self.page.has(".sheet input"), "the sheet to sign in", 30)
        self.page.one(".sheet input").send_keys(self.site.code())
        self.page.press("Sign in", ".sheet")
        self.page.until(lambda: self.page.state() == "live" and not self.page.has(".sheet"), "signed in again", 30)
        self.assertIn(self.page.one("#f-voltage_float").get_attribute("value"), ("55.1", "55.10"))

    def test_the_wiring_is_shown(self):
        def read():
            return self.site.ask("GET", "/api/system")[1]["config"]
        first = read()
        self.assertEqual(first["path"], self.site.config)
        self.page.go("#/settings/site")
        self.page.until(lambda: self.page.says(f"{self.site.config}, read Sat, Jun 21"), "the file and when it was read", 30)
        os.kill(self.site.voltd.pid, signal.SIGHUP)
        wait(lambda: read()["read_at"] > first["read_at"], "it was read again")
        meters = {one["id"]: (one["topic"], one["meter"]) for one in self.site.ask("GET", "/api/outputs")[1]}
        self.assertEqual((meters["primary-s21"], meters["ac-infinity-1"]), (("miner1", True), ("heat-room/fan/level/set", False)))

    # ---- voltd ends while it saves: the page shows both the draft and the truth

    def cut(self, carried_out):
        """Saves a start voltage. voltd is killed when the save arrives, and restarted."""
        path, between = f"/api/miners/{dump}", Between(self.site)
        self.page.others = (between.base,)

        def answer(address):
            if "changes=1" in address and "dry_run" not in address:
                between.answers.clear()
                raise Lost(carried_out, self.site.kill)
        between.answers[path] = answer
        try:
            self.page.open(f"#/settings/miners/{dump}", between.base)
            self.page.until(lambda: self.page.has("input[id^=f-]"), "the form", 30)
            self.put("start_voltage", "54.3")
            self.save()
            self.page.until(lambda: self.page.says("This may or may not have been saved"), "that it is not known", 30)
            self.page.until(lambda: self.page.state() == "cut", "cut", 30)
            self.assertIn(self.page.one("#f-start_voltage").get_attribute("value"), ("54.3", "54.30"), "the draft stays")
            self.page.picture(f"settings-cut-{'after' if carried_out else 'before'}")
            self.site.start_site()
            self.page.press("Try now", "#banner")
            self.page.until(lambda: self.page.says("It had been saved." if carried_out else "It was not saved. Your changes are still here."), "the truth", 40)
            return self.row(path)["start_voltage"]
        finally:
            if self.site.voltd.poll() is not None:
                self.site.start_site()
            self.addCleanup(between.end)

    def test_voltd_ends_before_it_has_saved(self):
        before = self.row(f"/api/miners/{dump}")["start_voltage"]
        self.assertEqual(self.cut(False), before)

    def test_voltd_ends_after_it_has_saved(self):
        before = self.row(f"/api/miners/{dump}")["start_voltage"]
        try:
            self.assertEqual(self.cut(True), 54.3)
        finally:
            self.site.ask("PUT", f"/api/miners/{dump}", {"start_voltage": before})

    def accept(self):
        """Handles the browser's own question before leaving."""
        from selenium.common.exceptions import NoAlertPresentException
        try:
            self.page.driver.switch_to.alert.accept()
        except NoAlertPresentException:
            pass
