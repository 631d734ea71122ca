"""The hub and the agents of systemd/fleet as processes of this machine: the shipped files, with other paths and ports."""
import glob
import http.server
import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

tree = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
shipped = f"{tree}/systemd/fleet"
sys.path[:0] = [f"{tree}/tests/bench"]
import default_site  # noqa: E402

patience = int(os.environ.get("VOLT_PATIENCE", "1"))  # a slow machine waits longer


def wait(condition, what, seconds=60):
    end = time.monotonic() + seconds * patience
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds * patience} s: {what}")
        time.sleep(0.2)
    return value


def read(path):
    with open(path) as file:
        return file.read()


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return path


def replaced(text, pairs):
    """Each text must be there: a file that changed is noticed."""
    for old, new in pairs:
        if old not in text:
            raise AssertionError(f"there is no {old!r}")
        text = text.replace(old, new)
    return text


def command_of(unit):
    """The words of its ExecStart."""
    text = read(unit).replace("\\\n", " ")
    return shlex.split(re.search(r"^ExecStart=(.*)$", text, re.M)[1])


def arguments_of(defaults):
    """The words of ARGS in a file for /etc/default."""
    return shlex.split(re.search(r'^ARGS="(.*)"$', read(defaults), re.M)[1])


def certificate(folder, name, days=3650, subject=None, san=None):
    more = ["-addext", f"subjectAltName={san}"] if san else []
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days), "-subj",
                    subject or f"/CN={name}", *more, "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt"], check=True, capture_output=True)


def expired_certificate(folder):
    """`openssl req` takes no past dates."""
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=late", "-keyout", f"{folder}/expired.key",
                    "-out", f"{folder}/expired.csr"], check=True, capture_output=True)
    write(f"{folder}/ca.conf", f"[ca]\ndefault_ca = own\n[own]\ndatabase = {folder}/ca.list\nnew_certs_dir = {folder}\nrand_serial = yes\ndefault_md = sha256\n"
          "policy = any\n[any]\ncommonName = supplied\n")
    write(f"{folder}/ca.list", "")
    subprocess.run(["openssl", "ca", "-selfsign", "-batch", "-notext", "-config", f"{folder}/ca.conf", "-startdate", "20200101000000Z", "-enddate", "20200102000000Z",
                    "-keyfile", f"{folder}/expired.key", "-in", f"{folder}/expired.csr", "-out", f"{folder}/expired.crt"], check=True, capture_output=True)


def fingerprint(path):
    text = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha1", "-in", path], check=True, capture_output=True, text=True).stdout
    return text.split("=")[1].strip().replace(":", "").lower()


def resident_kb(pid):
    return int(re.search(r"^VmRSS:\s+(\d+)", read(f"/proc/{pid}/status"), re.M)[1])


def private_kb(pid):
    return int(re.search(r"^RssAnon:\s+(\d+)", read(f"/proc/{pid}/status"), re.M)[1])


def cpu_ms(pid):
    """Of all threads so far."""
    return sum(value for value, _ in default_site.threads(pid).values()) / 1e6


def written_bytes(pid):
    return int(re.search(r"^write_bytes: (\d+)", read(f"/proc/{pid}/io"), re.M)[1])


class Receiver:
    """What Alertmanager sends: (time, status, alert, site)."""

    def __init__(self):
        self.heard = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for alert in body["alerts"]:
                    outer.heard.append((time.monotonic(), alert["status"], alert["labels"]["alertname"], alert["labels"].get("site", "")))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, alert, site, since=0.0):
        return [status for at, status, name, where in list(self.heard) if name == alert and where == site and at >= since]


class Hub:
    """nginx, VictoriaMetrics, vmalert and Alertmanager."""

    def __init__(self, folder):
        self.folder, self.receiver, self.children = folder, Receiver(), {}
        self.ports = {name: default_site.free_port() for name in ("nginx", "store", "alertmanager", "vmalert")}
        self.url, self.base = f"https://127.0.0.1:{self.ports['nginx']}", f"http://127.0.0.1:{self.ports['store']}"
        self.text, self.log = f"{folder}/text", f"{folder}/fleet.log"
        for name in ("text", ".tmp", "nginx", "alertmanager"):
            os.makedirs(f"{folder}/{name}")
        write(f"{folder}/sites", "")
        certificate(folder, "hub", san="IP:127.0.0.1,DNS:hub.example")
        self.write_nginx()
        for name in ("store", "alertmanager", "nginx"):
            self.start(name)
        wait(lambda: self.query("1"), "the store answers")
        self.start("vmalert")

    def write_nginx(self):
        text = replaced(read(f"{shipped}/hub/nginx-voltd-fleet.conf"), [
            ("/etc/voltd-hub", self.folder), ("/var/lib/voltd-hub", self.folder), ("listen 8443", f"listen 127.0.0.1:{self.ports['nginx']}"),
            ("127.0.0.1:8428", f"127.0.0.1:{self.ports['store']}"), ("/var/log/nginx/fleet.log", self.log),
            (" buffer=64k flush=5s if=$refused", "")])  # each request, at once: it counts the bytes of a site
        temporary = "".join(f"{kind}_temp_path {self.folder}/nginx/{kind};\n" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
        write(f"{self.folder}/nginx.conf", f"daemon off;\nuser root;\nworker_processes 1;\npid {self.folder}/nginx.pid;\n"
              f"error_log {self.folder}/nginx.log warn;\nevents {{ worker_connections 1024; }}\nhttp {{\n{temporary}{text}\n}}\n")

    def command(self, name):
        store = f"127.0.0.1:{self.ports['store']}"
        if name == "nginx":
            return ["nginx", "-e", f"{self.folder}/nginx.log", "-c", f"{self.folder}/nginx.conf"]
        if name == "store":
            return ["victoria-metrics", *shlex.split(replaced(shlex.join(arguments_of(f"{shipped}/hub/victoria-metrics")), [
                ("/var/lib/victoria-metrics", f"{self.folder}/store"), ("127.0.0.1:8428", store)]))]
        if name == "alertmanager":
            # Shorter waits: the story would take half an hour.
            config = replaced(read(f"{shipped}/hub/alertmanager.yml"), [
                ("127.0.0.1:9999", f"127.0.0.1:{self.receiver.port}"), ("group_wait: 30s", "group_wait: 2s"), ("group_interval: 5m", "group_interval: 5s")])
            write(f"{self.folder}/alertmanager.yml", config)
            words = replaced(shlex.join(arguments_of(f"{shipped}/hub/prometheus-alertmanager")), [
                ("127.0.0.1:9093", f"127.0.0.1:{self.ports['alertmanager']}")])
            return ["prometheus-alertmanager", *shlex.split(words), f"--config.file={self.folder}/alertmanager.yml",
                    f"--storage.path={self.folder}/alertmanager"]
        rules = write(f"{self.folder}/fleet-alerts.yaml", replaced(read(f"{shipped}/hub/fleet-alerts.yaml"), [('"firing"}[4m]', '"firing"}[1m]')]))
        return shlex.split(replaced(shlex.join(command_of(f"{shipped}/hub/voltd-vmalert.service")), [
            ("/usr/share/voltd/fleet/hub/voltd-alerts.yaml", f"{tree}/systemd/monitoring/voltd-alerts.yaml"),
            ("/usr/share/voltd/fleet/hub/fleet-alerts.yaml", rules), ("127.0.0.1:8428", store),
            ("127.0.0.1:9093", f"127.0.0.1:{self.ports['alertmanager']}"), ("127.0.0.1:8880", f"127.0.0.1:{self.ports['vmalert']}"),
            ("-evaluationInterval=30s", "-evaluationInterval=10s")]))

    def start(self, name):
        log = open(f"{self.folder}/{name}.out", "a")
        self.children[name] = subprocess.Popen(self.command(name), stdout=log, stderr=log)

    def stop(self, name, how=signal.SIGTERM):
        self.children[name].send_signal(how)
        self.children[name].wait(30)

    def reload(self):
        checked = subprocess.run([*self.command("nginx"), "-t"], capture_output=True, text=True)
        if checked.returncode != 0:
            raise AssertionError(checked.stderr)
        self.children["nginx"].send_signal(signal.SIGHUP)

    def admit(self, lines):
        write(f"{self.folder}/sites", "".join(f"{print_} {name};\n" for print_, name in lines))
        self.reload()

    def query(self, expression, **more):
        """The result; nothing while the store does not answer. A refused expression is an error."""
        url = f"{self.base}/api/v1/query?" + urllib.parse.urlencode({"query": expression, "nocache": 1, **more})
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as refused:
            if refused.code in (502, 503):
                return []
            raise AssertionError(f"{expression}: {refused.read().decode()}") from refused
        except OSError:
            return []

    def times(self, metric, site):
        """Seconds of each sample, in order."""
        match = f'{metric}{{site="{site}"}}'
        url = f"{self.base}/api/v1/export?" + urllib.parse.urlencode({"match[]": match})
        with urllib.request.urlopen(url, timeout=60) as answer:
            return sorted({at / 1000 for line in answer for at in json.loads(line)["timestamps"]})

    def requests_of(self, site):
        """(method, path, status, bytes) of each request of this site so far."""
        rows = [line.split() for line in read(self.log).splitlines()]
        return [(row[3], row[4], int(row[5]), int(row[6])) for row in rows if row[1] == f'"{site}"']

    def end(self):
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()


class Line:
    """A way to the hub that can be cut, as a process of its own: bytes through it are counted."""

    def __init__(self, folder, port):
        self.to, self.port, self.count = port, default_site.free_port(), f"{folder}/line-{port}-{id(self)}"
        self.child = None
        self.mend()

    def mend(self):
        self.child = subprocess.Popen([sys.executable, os.path.abspath(__file__), str(self.port), str(self.to), self.count])
        wait(lambda: socket.socket().connect_ex(("127.0.0.1", self.port)) == 0, "the line is there")

    def cut(self):
        self.child.kill()
        self.child.wait()

    def halt(self):
        """Takes connections, and says nothing."""
        self.child.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.child.send_signal(signal.SIGCONT)

    def bytes(self):
        return int(read(self.count) or 0)


class Agent:
    """vmagent as voltd-fleet.service runs it. `metrics`: HOST:PORT and path of what it scrapes."""

    def __init__(self, folder, name, url, metrics, key="", every="10s", keep=".*", path="/metrics"):
        self.folder, self.name, self.url = f"{folder}/{name}", name, url
        os.makedirs(f"{self.folder}/queue")
        write(f"{self.folder}/view.key", key)
        shutil.copy(f"{folder}/hub.crt", f"{self.folder}/hub.crt")
        certificate(self.folder, "site", subject=f"/CN={name}")
        self.print = fingerprint(f"{self.folder}/site.crt")
        write(f"{self.folder}/scrape.yaml", replaced(read(f"{shipped}/site/scrape.yaml"), [
            ("scrape_interval: 60s", f"scrape_interval: {every}"), ("/run/voltd-fleet/view.key", f"{self.folder}/view.key"),
            ("127.0.0.1:8480", metrics), ("- job_name: voltd ", f"- job_name: voltd\n    metrics_path: {path} ")]))
        unit = read(f"{shipped}/site/voltd-fleet.service")
        self.environment = {**os.environ, **dict(re.findall(r'^Environment="?(\w+)=(.*?)"?$', unit, re.M)), "KEEP": keep}
        self.child = None

    def start(self):
        words = replaced(" ".join(shlex.quote(word) for word in command_of(f"{shipped}/site/voltd-fleet.service")), [
            ("/usr/share/voltd/fleet/scrape.yaml", f"{self.folder}/scrape.yaml"), ("/usr/share/voltd/fleet/relabel.yaml", f"{shipped}/site/relabel.yaml"), ("${HUB}", self.url),
            ("%d/", f"{self.folder}/"), ("/var/lib/voltd-fleet", f"{self.folder}/queue")])
        log = open(f"{self.folder}/agent.log", "a")
        self.child = subprocess.Popen(shlex.split(words), env=self.environment, stdout=log, stderr=log)
        return self

    def stop(self, how=signal.SIGTERM):
        self.child.send_signal(how)
        self.child.wait(30)

    def queued(self):
        """Bytes that wait; the agent notes what it has read a second later."""
        offsets = [json.loads(read(path)) for path in glob.glob(f"{self.folder}/queue/persistent-queue/*/metainfo.json")]
        return sum(it["WriterOffset"] - it["ReaderOffset"] for it in offsets)

    def session(self):
        """A connection to the hub with this site's certificate."""
        context = ssl.create_default_context(cafile=f"{self.folder}/hub.crt")
        context.load_cert_chain(f"{self.folder}/site.crt", f"{self.folder}/site.key")
        return context

    def end(self):
        if self.child and self.child.poll() is None:
            self.child.kill()
            self.child.wait()


class Pages:
    """Simulated sites: the page of a real voltd with a voltage of their own that moves."""

    def __init__(self, text):
        outer = self
        self.text = text

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                voltage = 52 + hash((self.path, int(time.time() / 10))) % 100 / 100
                body = re.sub(r"^voltd_battery_voltage_v .*$", f"voltd_battery_voltage_v {voltage}", outer.text, flags=re.M).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def carry(near, to, count):
    far = socket.create_connection(("127.0.0.1", to))

    def one_way(source, sink):
        try:
            while data := source.recv(65536):
                count[0] += len(data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    for pair in ((near, far), (far, near)):
        threading.Thread(target=one_way, args=pair, daemon=True).start()


def line_process(port, to, path):
    count = [int(read(path) or 0) if os.path.exists(path) else 0]
    write(path, str(count[0]))
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    listener.settimeout(0.5)
    while True:
        write(f"{path}.new", str(count[0]))
        os.replace(f"{path}.new", path)
        try:
            near, _ = listener.accept()
            carry(near, to, count)
        except OSError:
            pass


if __name__ == "__main__":
    line_process(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
