#!/usr/bin/env python3
"""Measures each endpoint of the local API listed in its description (/openapi.json): p50 and p99 at the client.

api_endpoints.py PROGRAMS [--json]: the default site, one client, a connection for each request. Requests reads 200 times,
writes 40 times, and endpoints that the API limits or the disk slows down 5 times, all for one endpoint within 5 s.
"""
import argparse
import gzip
import http.client
import itertools
import json
import os
import re
import time

from default_site import Site, free_port

READS, WRITES, FEW, LONGEST_S = 200, 40, 5, 5.0
MINER, ZONE, OUTPUT, SOURCE = "dump-load-s19-1", "heat-room", "primary-s21", "victron.battery"
NAMES = {"/api/explain/": MINER, "/api/miners/": MINER, "/api/hvac/zones/": ZONE, "/api/overrides/": MINER,
         "/api/outputs/": OUTPUT, "/api/sources/": SOURCE}
QUERIES = {"GET /api/live": "?view=now", "GET /api/history": "?series=battery.voltage_v",
           "GET /api/plot": "?series=battery.voltage_v", "GET /api/backup": "?what=settings",
           "POST /api/settings/restore": "?end_guard=1"}
# The server refuses these on this site (safe mode, a restored database, a proof without a means); that is timed too.
FEW_TIMES = {"/api/backup", "/api/whatif", "/api/sessions/key", "/api/sessions/code", "/api/users", "/session", "/db/init-schema",
             "/api/charge/prove", "/api/charge/accept/{}", "/api/outputs/{}/prove", "/api/outputs/{}/test", "/api/sessions/{}", "/api/users/{}"}


class Api:
    def __init__(self, port, token):
        self.port, self.token = port, token

    def ask(self, method, path, body=None):
        """Returns milliseconds, status and text."""
        begin = time.perf_counter()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Connection": "close",
                   "Accept-Encoding": "gzip"}
        link.request(method, path, None if body is None else json.dumps(body), headers)
        reply = link.getresponse()
        text = reply.read()
        link.close()
        took = 1000 * (time.perf_counter() - begin)
        return took, reply.status, gzip.decompress(text) if reply.getheader("Content-Encoding") == "gzip" else text

    def json(self, path):
        return json.loads(self.ask("GET", path)[2])


def bodies(api):
    """Returns the body of each change, different each time, and the rows to create before a DELETE."""
    count = itertools.count()
    miner = {key: value for key, value in next(m for m in rows(api.json("/api/miners")) if m["slug"] == MINER).items()
             if key not in ("id", "slug", "name", "device_id", "user_id", "hvac_zone_id", "created_at", "updated_at")}
    return {
        ("PUT", "/api/preferences"): lambda: {"internal_resistance_mohm": 10 + next(count) % 2},
        ("PUT", "/api/miners/{}"): lambda: {"min_off_s": 60 + next(count) % 60},
        ("PUT", "/api/hvac/zones/{}"): lambda: {"fan_max_level": 9 + next(count) % 2},
        ("POST", "/api/miners"): lambda: {**miner, "name": f"Bench {next(count)}"},
        ("POST", "/api/hvac/zones"): lambda: {"zone_name": f"Bench {next(count)}"},
        ("POST", "/api/overrides/{}"): lambda: {"override": ("off", "auto")[next(count) % 2], "minutes": 5},
        ("POST", "/api/mode"): lambda: {"mode": ("conservative", "balanced")[next(count) % 2]},
        ("POST", "/api/settings/restore"): lambda: {"to": 1},
        ("POST", "/api/whatif"): lambda: {"changes": {"miners": {MINER: {"start_voltage": 54 + next(count) % 2}}}},
        ("POST", "/session"): lambda: {"code": json.loads(api.ask("POST", "/api/sessions/code", {})[2])["code"]},
        ("POST", "/api/sessions/key"): lambda: {"name": f"bench {next(count)}"},
        ("POST", "/api/users"): lambda: {"email": f"bench{next(count)}@example.org", "role": "user"},
    }


def rows(answer):
    """Returns the list in an answer, under any key."""
    return answer if isinstance(answer, list) else next((value for value in answer.values() if isinstance(value, list)), [])


def target(api, method, path):
    """Returns the path to request. A DELETE of a row or session gets one that was made for it."""
    if path == "/ui/{}":
        return re.search(r"/ui/[^\"' ]+", api.ask("GET", "/")[2].decode()).group(0)
    listed = path.rsplit("/", 1)[0]
    makers = {"/api/miners": ("POST", "/api/miners"), "/api/hvac/zones": ("POST", "/api/hvac/zones"),
              "/api/users": ("POST", "/api/users"), "/api/sessions": ("POST", "/api/sessions/key")}
    if method == "DELETE" and listed in makers:
        maker = makers[listed]
        made = json.loads(api.ask(*maker, api.bodies[maker]())[2] or b"{}")
        name = made.get("slug") or made.get("email") or made.get("id") or "none"
        return f"{listed}/{name}"
    stem = path.split("{", 1)[0]
    return path if "{" not in path else stem + NAMES.get(stem, "none") + path.split("}", 1)[1]


def timed(api, method, path):
    few = path in FEW_TIMES
    times, statuses, end = [], {}, time.monotonic() + LONGEST_S
    for _ in range(FEW if few else READS if method == "GET" else WRITES):
        make = api.bodies.get((method, path), lambda: {} if method == "POST" else None)
        address = target(api, method, path) + QUERIES.get(f"{method} {path}", "")
        took, status, _ = api.ask(method, address, make())
        times.append(took)
        statuses[status] = statuses.get(status, 0) + 1
        if time.monotonic() > end:
            break
    times.sort()
    return {"p50_ms": round(times[len(times) // 2], 3), "p99_ms": round(times[len(times) * 99 // 100], 3), "times": len(times),
            "status": max(statuses, key=statuses.get)}


def measure(options):
    port = free_port()
    schema = f"{os.path.dirname(os.path.abspath(__file__))}/../../schema/voltd.example.yaml"
    site = Site(options.programs, schema, [(r'(?m)^api: \{ listen: "127\.0\.0\.1:\d+"', f'api: {{ listen: "127.0.0.1:{port}"')])
    try:
        site.start_voltd()
        time.sleep(3)  # until everything has been read once
        api = Api(port, open(f"{site.folder}/token").read().strip())
        api.bodies = bodies(api)
        described = [(method.upper(), path) for path, methods in api.json("/openapi.json")["paths"].items() for method in methods
                     if method in ("get", "put", "post", "delete")]
        all_of_them = [(method, re.sub(r"\{[^}]*\}", "{}", path)) for method, path in described]
        # Requests that end a session or delete a row come last.
        order = {"GET": 0, "PUT": 1, "POST": 2, "DELETE": 3}
        return {f"{method} {path}": timed(api, method, path) for method, path in sorted(all_of_them, key=lambda it: order[it[0]])}
    finally:
        site.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options)
    if options.json:
        print(json.dumps(figures))
        return
    print(f"{'endpoint':46} {'p50 ms':>9} {'p99 ms':>9} {'times':>6}  status")
    for name, row in figures.items():
        print(f"{name:46} {row['p50_ms']:>9.3f} {row['p99_ms']:>9.3f} {row['times']:>6}  {row['status']}")


main()
