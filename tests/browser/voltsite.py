"""Simulated site of the browser tests: the default site with past days, at noon of a June day, and helpers to sign in and to read."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))
import default_site  # noqa: E402
import seed  # noqa: E402

tree = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
begin = 1750532400  # 2025-06-21T19:00:00Z, noon at the site
offset_s = -7 * 3600
# Short holds, so that a start takes seconds. The wall clock is the site's.
control = (r"tick_s: 1", "tick_s: 1\n  settle_s: 2\n  confirm_s: 2\n  adopt_timeout_s: 5")
holds = [(rf"{key}: \d+", f"{key}: {value}") for key, value in
         (("start_hold_s", 2), ("stop_hold_s", 2), ("restart_hold_s", 5), ("start_stagger_s", 3))]


class BrowserSite(default_site.Site):
    """`past`: adds days of history before voltd finally starts. `edits` apply to the example file, as in default_site."""

    def __init__(self, programs, past=True, edits=()):
        self.voltd = None
        super().__init__(programs, f"{tree}/schema/voltd.example.yaml", [control, *holds, *edits])
        self.log = open(f"{self.folder}/voltd.log", "w")
        text = open(self.config).read()
        self.api = text.split("api:", 1)[1].split('listen: "', 1)[1].split('"', 1)[0]
        self.base = f"http://{self.api}"
        self.database = f"{self.folder}/voltd.db"
        if past:
            self.start_site()
            self.stop_site()
            seed.fill(self.database, begin, 3, offset_s)
            seed.short_holds(self.database)
        self.start_site()

    def start_site(self):
        """Starts voltd and waits until it answers."""
        elapsed = int(time.monotonic() - started)
        at = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(begin + offset_s + elapsed))
        self.voltd = self.start([f"{self.programs}/voltd", "--config", self.config, "--wall-clock", f"1@{at}"], stderr=self.log,
                                env={**os.environ, "XDG_RUNTIME_DIR": self.folder})
        wait(lambda: self.ask("GET", "/health", None)[0] == 200, "voltd answers", 60)

    def stop_site(self):
        self.voltd.send_signal(signal.SIGTERM)
        self.voltd.wait(30)
        self.children.remove(self.voltd)

    def restart(self):
        self.stop_site()
        self.start_site()

    def edit(self, before, after):
        """Changes voltd.yaml, and waits until it is in use."""
        text = open(self.config).read()
        assert before in text, before
        open(self.config, "w").write(text.replace(before, after))
        reloads = self.reloads()
        self.voltd.send_signal(signal.SIGHUP)
        wait(lambda: self.reloads() > reloads, f"voltd.yaml with {after} is in force", 30)

    def reloads(self):
        return open(self.log.name).read().count("was reloaded and is in force")

    def kill(self):
        self.voltd.kill()
        self.voltd.wait(30)
        self.children.remove(self.voltd)

    def halt(self):
        self.voltd.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.voltd.send_signal(signal.SIGCONT)

    def token(self):
        return open(f"{self.folder}/token").read().strip()

    def ask(self, method, path, body=None, headers=None, token=True):
        """Returns (status, body as JSON or text) with the owner's token."""
        given = {**({"Authorization": f"Bearer {self.token()}"} if token and os.path.exists(f"{self.folder}/token") else {}), **(headers or {})}
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if data is not None:
            given.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, parsed(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, parsed(refused.read())
        except OSError as absent:
            return 0, str(absent)

    def status(self, topic):
        return self.ask("GET", "/api/status")[1].get(topic, {})

    def ctl(self, *words):
        done = subprocess.run([f"{self.programs}/voltctl", "--config", self.config, *words], capture_output=True, text=True, timeout=30)
        if done.returncode != 0:
            raise RuntimeError(f"voltctl {' '.join(words)}: {done.stderr}{done.stdout}")
        return done.stdout

    def code(self, *options):
        """Returns a one-time code of `voltctl login`."""
        return json.loads(self.ctl("login", "--json", *options))["code"]

    def end(self):
        if self.voltd.poll() is None:
            self.go_on()
        super().end()


started = time.monotonic()


def parsed(data):
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")


def wait(condition, what, seconds=30):
    """Waits until `condition()` is true. Returns its value."""
    end = time.monotonic() + seconds * patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds * patience} s: {what() if callable(what) else what}")
        time.sleep(0.1)


patience = int(os.environ.get("VOLT_PATIENCE", "1"))  # wait longer on a slow machine


class Lost(Exception):
    """Drops the answer to a request. `carried_out`: the request itself was executed."""

    def __init__(self, carried_out, then):
        super().__init__()
        self.carried_out, self.then = carried_out, then


class Between:
    """Server between the page and voltd that passes requests on, unless `answers` overrides them: path -> f() -> (status, headers, body) or None."""

    def __init__(self, site):
        import http.server
        self.answers = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words):
                pass

            def pass_on(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else None
                own = outer.answers.get(self.path.split("?")[0])
                try:
                    made = own(self.path) if own else None
                except Lost as lost:
                    if lost.carried_out:
                        outer.forward(site, self.command, self.path, body, self.headers)
                    lost.then()
                    self.close_connection = True
                    return
                status, headers, data = made or outer.forward(site, self.command, self.path, body, self.headers)
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except OSError:
                    pass

            do_GET = do_POST = do_PUT = do_DELETE = pass_on

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def forward(site, method, path, body, headers):
        kept = {name: value for name, value in headers.items() if name.lower() not in ("connection", "content-length")}
        request = urllib.request.Request(site.base + path, data=body, method=method, headers=kept)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, dict(refused.headers), refused.read()
        except OSError as absent:
            return 502, {"Content-Type": "text/plain"}, str(absent).encode()

    def end(self):
        self.server.shutdown()
        self.server.server_close()


def programs_of(build):
    missing = [name for name in ("voltd", "voltctl", "voltsim") if not os.access(f"{build}/{name}", os.X_OK)]
    if missing or not shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin"):
        sys.exit(f"{build} has no {', '.join(missing)}, or there is no mosquitto")
    return build


def scratch():
    return tempfile.mkdtemp(prefix="voltd-browser-")
