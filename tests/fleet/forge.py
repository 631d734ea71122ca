"""What a site in wrong hands tries with its own certificate, and others without one: exact answers, and the store unmoved."""
import socket
import ssl
import time

from engines import certificate, read, wait


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def write_request(labels, value, at_ms):
    """A remote write of one sample. Its snappy frame has literals only."""
    import struct
    series = b"".join(field(1, field(1, name.encode()) + field(2, text.encode())) for name, text in labels)
    series += field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(at_ms))
    raw = field(1, series)
    packed, rest = varint(len(raw)), raw
    while rest:
        piece, rest = rest[:60], rest[60:]
        packed += bytes([len(piece) - 1 << 2]) + piece
    return packed


class Forger:
    def __init__(self, hub, site, check):
        self.hub, self.site, self.check = hub, site, check
        self.own = site.session()

    def ask(self, head, body=b"", context=None):
        """Status of the answer to raw bytes; 0: the connection was closed without one."""
        with socket.create_connection(("127.0.0.1", self.hub.ports["nginx"]), timeout=20) as plain:
            try:
                with (context or self.own).wrap_socket(plain, server_hostname="127.0.0.1") as end:
                    end.sendall(head.encode() + body)
                    answer = b""
                    while b"\r\n" not in answer and (data := end.recv(4096)):
                        answer += data
                    return int(answer.split()[1]) if answer else 0
            except (OSError, IndexError):
                return 0

    def send(self, method, path, body=b"", headers="", context=None):
        head = f"{method} {path} HTTP/1.1\r\nHost: hub.example\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        return self.ask(head, body, context)

    def expect(self, what, status, got):
        self.check(f"{what}: {got}", got in (status if isinstance(status, tuple) else (status,)))

    def all(self):
        self.labels()
        self.paths()
        self.certificates()
        self.bodies()
        self.texts()

    def labels(self):
        """Whatever a request claims, it is stored under the name of its certificate."""
        name, packed = self.site.name, "Content-Encoding: snappy\r\n"
        claims = [("one label", "", [("site", "other")], ""), ("the label twice", "", [("site", "other"), ("site", "third")], ""), ("an empty label", "", [("site", "")], ""),
                  ("a parameter", "?extra_label=site=other", [], ""), ("an encoded parameter", "?extra%5Flabel=site%3Dother", [], ""),
                  ("a filter", "?extra_filters[]={site=%22other%22}", [], ""), ("a header", "", [], "X-Site: other\r\nX-Scope-OrgID: other\r\n")]
        for i, (what, query, labels, header) in enumerate(claims):
            metric = f"forged_{i}"
            body = write_request([("__name__", metric), *labels], 1, int(time.time() * 1000))
            self.expect(f"a write with {what}", 204, self.send("POST", f"/api/v1/write{query}", body, packed + header))
            found = wait(lambda metric=metric: self.hub.query(f"last_over_time({metric}[5m])"), f"{metric} is stored", 60)
            self.check(f"{what} is stored as the site's own", [it["metric"]["site"] for it in found] == [name])

    def paths(self):
        for path in ("/", "/api/v1/query?query=up", "/api/v1/query_range?query=up", "/api/v1/export?match[]=up", "/api/v1/series", "/api/v1/labels",
                     "/api/v1/admin/tsdb/delete_series?match[]=up", "/api/v1/import", "/api/v1/import/prometheus", "/write", "/influx/write", "/-/reload", "/metrics",
                     "/flags", "/debug/pprof/", "/snapshot/create", "/snapshot/delete_all", "/federate?match[]=up", "/vmui/", "/api/v1/status/tsdb", "/api/v1/write/",
                     "/api/v1/write;x", "/api/v1/write%00", "/api/v1/write%2f..%2fquery", "/api/v1/write/../query?query=up", "/select/0/prometheus/api/v1/query", "/refused", "/text/", "/text"):
            for method in ("GET", "POST"):
                self.expect(f"{method} {path}", (404, 400, 403) if "%00" in path else 404, self.send(method, path))
        for method, status in (("GET", 403), ("PUT", 403), ("DELETE", 403), ("OPTIONS", 403), ("PATCH", 403), ("TRACE", 405), ("CONNECT", (400, 403, 405))):
            self.expect(f"{method} on the write path", status, self.send(method, "/api/v1/write"))

    def certificates(self):
        folder = self.hub.folder
        context = ssl.create_default_context(cafile=f"{folder}/hub.crt")
        self.expect("no certificate", 403, self.send("POST", "/api/v1/write", context=context))
        certificate(folder, "stranger", subject=f"/CN={self.site.name}")
        certificate(folder, "two", subject=f"/CN=other/CN={self.site.name}")
        for name in ("stranger", "two", "hub"):
            context = ssl.create_default_context(cafile=f"{folder}/hub.crt")
            context.load_cert_chain(f"{folder}/{name}.crt", f"{folder}/{name}.key")
            self.expect(f"the certificate {name} that is not in the list", 403, self.send("POST", "/api/v1/write", context=context))
        expired = ssl.create_default_context(cafile=f"{folder}/hub.crt")
        expired.load_cert_chain(f"{folder}/expired.crt", f"{folder}/expired.key")
        self.expect("a certificate of the list that has expired", 403, self.send("POST", "/api/v1/write", context=expired))
        before = ssl.create_default_context(cafile=f"{folder}/hub.crt")
        before.maximum_version = ssl.TLSVersion.TLSv1_2
        self.expect("TLS 1.2", 0, self.send("POST", "/api/v1/write", context=before))

    def bodies(self):
        head = "POST /api/v1/write HTTP/1.1\r\nHost: hub.example\r\nConnection: close\r\n"
        self.expect("Content-Length with Transfer-Encoding", (400, 403), self.ask(head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
        self.expect("an unknown Transfer-Encoding", 501, self.ask(head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"))
        self.expect("garbage", 400, self.send("POST", "/api/v1/write", b"garbage" * 10))
        self.expect("1 GB claimed in 10 bytes", 400, self.send("POST", "/api/v1/write", varint(1 << 30) + b"\x00" * 5))
        self.expect("a body of 2 MB", 413, self.send("POST", "/api/v1/write", b"x" * 2_000_000))
        self.check("the store goes on", self.hub.children["store"].poll() is None and self.hub.query("1"))

    def texts(self):
        """Only its own files of days."""
        other, day = "/text/events-2026-01-02.json.gz", "events-2026-01-02.json.gz"
        path = f"{self.hub.text}/other/{day}"
        import os
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write("of another site")
        self.expect("its own file", (201, 204), self.send("PUT", other, b"mine"))
        self.expect("its own file, read", 200, self.send("GET", other))
        for spelling in (f"/text/other/{day}", f"/text/../text/other/{day}", f"/text/%2e%2e/other/{day}", f"/text/..%2fother%2f{day}", f"//text//other/{day}", f"/text/./other/{day}"):
            for method in ("PUT", "GET"):
                self.expect(f"{method} {spelling}", 404, self.send(method, spelling, b"forged" if method == "PUT" else b""))
        for method in ("DELETE", "MKCOL", "MOVE", "COPY", "POST", "PROPFIND"):
            headers = f"Destination: https://hub.example/text/runs-2026-01-02.json.gz\r\nOverwrite: T\r\n"
            self.expect(f"{method} of a file", (403, 405), self.send(method, other, b"", headers))
        self.expect("a file of 3 MB", 413, self.send("PUT", other, b"x" * 3_000_000))
        self.expect("a part of a file", 501, self.send("PUT", other, b"part", "Content-Range: bytes 0-3/4\r\n"))
        for name in ("passwd", "events-2026-13.json.gz", "events-2026-01-02.json", "settings-2026-01-02.json.gz", "events-2026-01-02.json.gz%00.x", ".htaccess"):
            self.expect(f"PUT of {name}", (404, 400, 403) if "%00" in name else 404, self.send("PUT", f"/text/{name}", b"x"))
        self.check("the other site's file is as it was", read(path) == "of another site")
        self.check("nothing else was written", sorted(os.listdir(self.hub.text)) == sorted({"other", self.site.name, *self.known}))
        for name in (path, f"{self.hub.text}/{self.site.name}/{day}"):
            os.remove(name)
        os.rmdir(os.path.dirname(path))

    known = ()
