"""200 miners and 20 zones on a processor six times slower; 32 pages at once."""
import http.client
import json
import threading
import time

import seed
import voltsite
import world

loads, rooms, polls = 200, 20, 12
most_script = 0.2  # seconds to draw the list, and for each poll


class Many(world.Case):
    role = None  # it uses another site
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
        """Returns the seconds of script, style and layout since the page was opened."""
        figures = {one["name"]: one["value"] for one in self.page.cdp("Performance.getMetrics")["metrics"]}
        return [figures[name] for name in ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")]

    @staticmethod
    def between_times(before, after, parts=1):
        """Returns their sum, and a text of it in ms."""
        each = [(b - a) / parts for a, b in zip(before, after)]
        return sum(each), "{:.0f} ms ({:.0f} script, {:.0f} style, {:.0f} layout)".format(*(1000 * part for part in [sum(each), *each]))

    def test_drawn_and_followed_by_a_slow_phone(self):
        sizes = []

        def often(path):
            """Sends polls half a second apart; in each, every twentieth load switches on or off."""
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


class Polling(threading.Thread):
    """Page without rendering: loads the files, then polls as often as voltd says."""

    def __init__(self, site, cookie, ready, until):
        super().__init__()
        self.site, self.cookie, self.ready, self.ends = site, cookie, ready, until
        self.tries = self.polls = self.busy = self.next_ms = 0
        self.wrong = []

    def get(self, path):
        """Repeats a request if voltd has no place, like a browser's reload and the page's poll."""
        for _ in range(20):
            self.tries += 1
            link = http.client.HTTPConnection(self.site.api, timeout=20)
            try:
                link.request("GET", path, headers={"Cookie": f"voltd_session={self.cookie}", "Accept-Encoding": "gzip" if "api" not in path else "identity"})
                answer = link.getresponse()
                body = answer.read()
                if answer.status != 503:
                    return answer.status, body
                self.busy += 1
                if not answer.headers["Retry-After"]:
                    self.wrong.append(f"{path}: 503 without Retry-After")
            except (OSError, http.client.HTTPException):
                self.busy += 1
            finally:
                link.close()
            time.sleep(0.5)
        self.wrong.append(f"{path}: no answer in 20 tries")
        return 0, b"{}"

    def run(self):
        ui = self.site.ask("GET", "/session", token=False)[1]["ui"]
        self.ready.wait()
        for path in ("/", f"/ui/{ui}/style.css", f"/ui/{ui}/app.js", "/api/explain"):
            status, _ = self.get(path)
            if status != 200:
                self.wrong.append(f"{path}: {status}")
        after = ""
        while time.monotonic() < self.ends:
            status, body = self.get("/api/live" + after)
            if status != 200:
                self.wrong.append(f"/api/live: {status}")
                return
            live = json.loads(body)
            if after and live["full"]:
                self.wrong.append("all of it again, not what moved")
            self.polls += 1
            self.next_ms = live["next_ms"]
            after = f"?after={live['turn']}&boot={live['boot']}"
            time.sleep(self.next_ms / 1000)


class Pages(world.Case):
    expect = (0, 503)

    def test_32_pages_at_once(self):
        """Loads all at the same moment, then polls for half a minute: each is served, the one in Chromium stays live, and voltd keeps deciding."""
        ready, cookies = threading.Barrier(31), []
        for _ in range(31):
            code = self.site.ask("POST", "/api/sessions/code", {"role": "view", "name": "Page"})[1]["code"]
            link = http.client.HTTPConnection(self.site.api, timeout=20)
            link.request("POST", "/session", json.dumps({"code": code}), {"Content-Type": "application/json"})
            cookies.append(link.getresponse().headers["Set-Cookie"].split("=", 1)[1].split(";")[0])
            link.close()
        ends = time.monotonic() + 30
        begun = self.site.ask("GET", "/api/live")[1]["turn"], time.monotonic()
        pages = [Polling(self.site, cookie, ready, ends) for cookie in cookies]
        for page in pages:
            page.start()
        self.page.open("#/")
        self.page.until(lambda: self.page.state() == "live", "the page in Chromium among them", 30)
        seen = set()
        while any(page.is_alive() for page in pages):
            seen.add(self.page.state())
            time.sleep(0.5)
        for page in pages:
            page.join()
        turns, seconds = self.site.ask("GET", "/api/live")[1]["turn"] - begun[0], time.monotonic() - begun[1]
        for row in self.site.ask("GET", "/api/sessions")[1]:
            if row["name"] == "Page":
                self.site.ask("DELETE", f"/api/sessions/{row['id']}")
        print(f"\n31 pages and Chromium: {sum(page.polls for page in pages)} polls, {sum(page.busy for page in pages)} of {sum(page.tries for page in pages)} requests asked again; "
              f"{turns} turns in {seconds:.0f} s; Chromium was {', '.join(sorted(map(str, seen)))}")
        self.assertEqual(sorted(set(sum((page.wrong for page in pages), []))), [])
        self.assertEqual({page.next_ms for page in pages}, {5000}, "many are asked to come less often")
        self.assertLessEqual(seen, {"live", "busy"})
        self.assertGreater(turns, seconds / 3 / world.patience(), "voltd decides")
