"""200 miners and 20 zones: drawn, and followed, by a processor six times as slow."""
import json

import seed
import voltsite
import world

loads, rooms, polls = 200, 20, 12
most_script = 0.2  # seconds, for drawing the list and for each poll


class Many(world.Case):
    role = None  # its site is another one
    expect = (401, 503)  # explanations of 200 loads take a busy voltd longer than the page waits

    def setUp(self):
        super().setUp()
        self.site = voltsite.BrowserSite(world.programs, past=False)
        self.between = voltsite.Between(self.site)
        self.page.base = self.between.base
        self.addCleanup(self.site.end)
        self.addCleanup(self.between.end)
        self.site.stop_site()
        seed.many(self.site.database, loads, rooms)
        self.site.start_site()
        voltsite.wait(lambda: sum(topic.startswith("miner/") for topic in self.site.ask("GET", "/api/status")[1]) == loads, "all of them are in force", 60)

    def spent(self):
        """Seconds of script, style and layout since the page was opened."""
        figures = {one["name"]: one["value"] for one in self.page.cdp("Performance.getMetrics")["metrics"]}
        return [figures[name] for name in ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")]

    @staticmethod
    def between_times(before, after, parts=1):
        """Their sum, and a text of it in ms."""
        each = [(b - a) / parts for a, b in zip(before, after)]
        return sum(each), "{:.0f} ms ({:.0f} script, {:.0f} style, {:.0f} layout)".format(*(1000 * part for part in [sum(each), *each]))

    def test_drawn_and_followed_by_a_slow_phone(self):
        sizes = []

        def often(path):
            """Half a second apart; every twentieth load goes on or off in each."""
            status, body = self.site.ask("GET", path)
            if status == 200:
                body["next_ms"] = 500
                sizes.append(len(json.dumps(body)))
                for i in range(loads - 5):
                    miner = body["objects"].get(f"miner/miner-{i}")
                    if miner is None and i % 20 == len(sizes) % 20:
                        miner = body["objects"][f"miner/miner-{i}"] = {"blocked_by": [], "starts_today": 0, "runtime_today_s": 0, "since": body["at"]}
                    if miner is not None:
                        miner.update(state=("on", "off")[len(sizes) // 20 % 2], text=f"It was turned by poll {len(sizes)}", power_w=1500 + len(sizes))
            return status, {"Content-Type": "application/json"}, json.dumps(body).encode()
        self.between.answers["/api/live"] = often
        self.page.sign_in(self.site.code())
        self.page.note(expect=(401,))
        self.page.cdp("Performance.setTimeDomain", timeDomain="threadTicks")
        self.page.cdp("Performance.enable")
        self.page.go("#/more")
        self.page.until(lambda: self.page.has(".more"), "another view")
        self.page.cdp("Emulation.setCPUThrottlingRate", rate=6)
        try:
            before = self.spent()
            self.page.go("#/")
            self.page.until(lambda: len(self.page.js("return Array.from(document.querySelectorAll('.loads .load-watts')).map(n => n.textContent)")) == loads + rooms, "a card for each", 60)
            drawn, drawn_text = self.between_times(before, self.spent())
            begun, before = len(sizes), self.spent()
            self.page.until(lambda: len(sizes) >= begun + polls, "polls", 60)
            each, each_text = self.between_times(before, self.spent(), len(sizes) - begun)
            self.page.until(lambda: self.page.says("It was turned by poll"), "the newest is shown")
        finally:
            self.page.cdp("Emulation.setCPUThrottlingRate", rate=1)
            self.page.cdp("Performance.disable")
        print(f"\n{loads} miners, {rooms} zones on a slow phone: drawn in {drawn_text}, each poll {each_text}; all {max(sizes)} B, a delta {sizes[-1]} B")
        self.page.picture("many")
        self.assertLessEqual(drawn, most_script * world.patience())
        self.assertLessEqual(each, most_script * world.patience())
        self.assertLess(sizes[-1], max(sizes) / 4, "a delta is small")
