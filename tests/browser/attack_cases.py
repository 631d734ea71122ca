"""Page of another origin, a rebound name, a stolen form: nothing changes."""
import http.server
import json
import threading
import time

import browser
import world

hostile = """<!doctype html><title>another page</title>
<form id=f method=post enctype="text/plain" action="{base}/api/mode" target=t><input name='{{"mode":"off","x":"' value='"}}'></form><iframe name=t></iframe>
<iframe id=framed src="{base}/"></iframe>
<script>
const tries = [];
document.getElementById('f').submit();
for (const options of [{{}}, {{headers: {{'Content-Type': 'application/json', 'X-Voltd': '1'}}}}, {{mode: 'no-cors', headers: {{'Content-Type': 'text/plain'}}}}])
  tries.push(fetch('{base}/api/mode', Object.assign({{method: 'POST', credentials: 'include', body: '{{"mode":"off"}}'}}, options)).then(r => r.type + r.status, e => 'refused'));
tries.push(fetch('{base}/api/status', {{credentials: 'include'}}).then(r => 'read' + r.status, e => 'refused'));
Promise.all(tries).then(all => {{ window.done = all; }});
</script>"""


class Attack(world.Case):
    expect = (0, 401, 403, 404, 405, 421)

    def setUp(self):
        super().setUp()
        base = self.site.base

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words):
                pass

            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(hostile.format(base=base).encode())

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tearDown(self):
        if not self.page.driver.current_url.startswith(self.site.base):
            self.page.leave()  # drop the other page's own errors
        self.server.shutdown()
        self.server.server_close()
        super().tearDown()

    def test_a_page_on_another_port_of_this_machine(self):
        before = self.site.status("site")["mode"]
        changes = self.site.ask("GET", "/api/settings/history?limit=1")[1][0]["change"]
        self.page.driver.get(f"http://127.0.0.1:{self.server.server_port}/")
        done = self.page.until(lambda: self.page.js("return window.done"), "its attempts are over", 30)
        self.assertNotIn("read200", done)
        self.assertNotIn("cors200", done)
        time.sleep(1)
        self.assertEqual(self.site.status("site")["mode"], before)
        self.assertEqual(self.site.ask("GET", "/api/settings/history?limit=1")[1][0]["change"], changes)
        framed = self.page.js("try { return document.getElementById('framed').contentDocument !== null } catch (e) { return false }")
        self.assertFalse(framed, "the page shows in a frame")

    def test_requests_by_cookie_that_a_browser_would_not_make(self):
        cookie = self.page.driver.get_cookie("voltd_session")["value"]
        good = {"Cookie": f"voltd_session={cookie}", "X-Voltd": "1", "Origin": self.site.base, "Content-Type": "application/json"}
        for change in ({"Origin": "http://evil.example"}, {"Origin": None}, {"X-Voltd": None}, {"Content-Type": "text/plain"}, {"Sec-Fetch-Site": "same-site"},
                       {"Host": "evil.example"}):
            headers = {name: value for name, value in {**good, **change}.items() if value}
            status, _ = self.site.ask("POST", "/api/mode", json.dumps({"mode": "off"}).encode(), headers, token=False)
            with self.subTest(change=change):
                self.assertIn(status, (403, 421))
        self.assertEqual(self.site.status("site")["mode"], "balanced")
        self.assertEqual(self.site.ask("POST", "/api/mode?dry_run=1", {"mode": "off"}, good, token=False)[0], 200, "the good one would pass")

    def test_a_name_that_turns_to_this_machine(self):
        port = self.site.api.split(":")[1]
        driver = browser.start(arguments=("--host-resolver-rules=MAP turned.example 127.0.0.1",))
        try:
            driver.get(f"http://turned.example:{port}/api/status")
            self.assertIn("api.hosts", driver.page_source)
            self.assertNotIn("voltage_v", driver.page_source)
        finally:
            driver.quit()

    def test_a_miner_named_like_markup_is_text(self):
        path = "/api/miners/d0000000-0000-0000-0000-000000000002"
        name = "<img src=x onerror=alert(1)>\u05d0" + "x" * 30
        old = self.site.ask("GET", path)[1]["name"]
        self.assertEqual(self.site.ask("PUT", path, {"name": "\u202egnp"})[0], 400, "marks that turn the direction of writing")
        self.assertEqual(self.site.ask("PUT", path, {"name": name})[0], 200)
        try:
            for view in ("#/", "#/history?h=6", "#/settings/miners", "#/outputs"):
                self.page.open(view)
                self.page.until(lambda: self.page.says("<img src=x"), f"the name as text in {view}", 30)
                self.assertEqual(self.page.js("return document.querySelectorAll('img').length"), 0)
                self.assertFalse(self.page.js("return document.documentElement.scrollWidth > window.innerWidth"), view)
            self.assertEqual(self.site.ask("PUT", path, {"name": "W" * 200})[0], 400, "200 letters")
            self.assertEqual(self.site.ask("PUT", path, {"name": "W" * 64})[0], 200)
            self.page.open("#/")
            link = self.page.until(lambda: self.page.js("return Array.from(document.querySelectorAll('.clip a')).find(n => n.textContent.startsWith('WWW'))"), "the longest name", 30)
            self.assertEqual(link.get_attribute("title"), "W" * 64)
            self.assertLess(self.page.js("return arguments[0].closest('.clip').offsetHeight", link), 60, "clipped")
            self.assertFalse(self.page.js("return document.documentElement.scrollWidth > window.innerWidth"))
        finally:
            self.site.ask("PUT", path, {"name": old})

    def test_files_are_names_of_a_table(self):
        for path in ("/ui/../../etc/passwd", "/ui/%2e%2e/%2e%2e/etc/passwd", "/ui/00000000/app.js", "/ui/app.js"):
            with self.subTest(path=path):
                self.assertEqual(self.site.ask("GET", path, headers={"Accept-Encoding": "gzip"}, token=False)[0], 404)
