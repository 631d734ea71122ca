#!/usr/bin/python3
"""agent_load.py PROGRAMS [--spans N] [--clients N] [--seconds S] [--json]: measures the load that simultaneous clients of volt-agent put on voltd.

The default site with `volt-agent serve` (scheduled when idle, like its unit). In every second span the clients call its tools; every tenth call is a
question in words. A rejected client retries as soon as it may. The clients run in a separate process, also scheduled when idle: on a site they are other machines.
Measures voltd's time for GET /api/status, one every 20 ms, and the mean delay of a turn, over all spans of a kind."""
import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request

from default_site import Site, free_port

source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../schema/voltd.example.yaml")
questions = ("why is the dump load off?", "how full is the battery?", "what is a lease?")
tools = ("get_status", "explain", "list_decisions", "list_events")


def request(port, method, path, token, body=None, more=()):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request(method, path, None if body is None else json.dumps(body), {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **dict(more)})
        answer = link.getresponse()
        return answer.status, json.loads(answer.read() or "null")
    finally:
        link.close()


def message_of(tool, client):
    named = "io.modelcontextprotocol/"
    meta = {named + "protocolVersion": "2026-07-28", named + "clientCapabilities": {}, named + "clientInfo": {"name": client, "version": "1"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {}, "_meta": meta}}
    return body, (("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", tool))


class Crowd:
    """Runs clients of `volt-agent serve` on this site."""

    def __init__(self, programs, site, clients):
        self.port = free_port()
        store = f"{site.folder}/agent"
        os.mkdir(store)
        config = f"{store}/agent.yaml"
        with open(config, "w") as file:
            file.write(f"voltd: {{ config: {site.config}, key_file: {store}/key }}\nstore: {store}\n"
                       f"http: {{ listen: '127.0.0.1:{self.port}', token_file: {store}/token }}\n")
        subprocess.run([f"{programs}/volt-agent", "setup", "--config", config], check=True, stdout=subprocess.DEVNULL)
        site.start(["chrt", "--idle", "0", f"{programs}/volt-agent", "serve", "--config", config])
        site.await_port(self.port)
        with open(f"{store}/token") as file:
            token = file.read().strip()
        self.clients = subprocess.Popen(["chrt", "--idle", "0", sys.executable, os.path.abspath(__file__), "--crowd", str(self.port), token, str(clients)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def end(self):
        return json.loads(self.clients.communicate(timeout=120)[0])


def ask(port, token, number, going, ended, answers):
    calls = 0
    while not ended.is_set():
        if not going.wait(1):
            continue
        calls += 1
        try:
            if calls % 10 == 0:
                status, _ = request(port, "POST", "/ask", token, {"message": questions[number % len(questions)]})
            else:
                body, more = message_of(tools[calls % len(tools)], f"client-{number}")
                status, _ = request(port, "POST", "/mcp", token, body, more)
        except (OSError, http.client.HTTPException, ValueError):
            status = "refused"
        answers.append(status)
        if status != 200:
            ended.wait(1)  # Retry-After


def crowd(port, token, clients):
    """Runs and pauses by lines of the input until it ends, and prints the count of each status."""
    going, ended, answers = threading.Event(), threading.Event(), []
    threads = [threading.Thread(target=ask, args=(port, token, number, going, ended, answers), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    for line in sys.stdin:
        (going.set if line == "go\n" else going.clear)()
    ended.set()
    for thread in threads:
        thread.join(70)
    print(json.dumps({str(status): answers.count(status) for status in set(answers)}))


def loop_delays(port, token):
    """Returns the turns so far, and the sum of their delays in ms."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {token}"})
    metrics = urllib.request.urlopen(asked).read().decode()
    turns, delays = (float(re.search(rf"^voltd_loop_{name} (\S+)", metrics, re.M).group(1)) for name in ("turns_total", "delay_seconds_total"))
    return turns, 1000 * delays


def span(port, token, seconds, kind):
    turns, delays = loop_delays(port, token)
    begin = time.monotonic()
    for number in range(seconds * 50):
        time.sleep(max(0.0, begin + number * 0.02 - time.monotonic()))
        asked = time.monotonic()
        if request(port, "GET", "/api/status", token)[0] == 200:
            kind["took"].append(1000 * (time.monotonic() - asked))
    after = loop_delays(port, token)
    kind["turns"] += after[0] - turns
    kind["delays"] += after[1] - delays


def measure(options):
    kinds = [{"took": [], "turns": 0, "delays": 0} for _ in range(2)]
    site = Site(options.programs, source)
    try:
        site.start_voltd()
        with open(site.config) as file:
            port = int(next(line for line in file if "listen:" in line and "127.0.0.1" in line).split("127.0.0.1:")[1].split('"')[0])
        with open(f"{site.folder}/token") as file:
            token = file.read().strip()
        asking = Crowd(options.programs, site, options.clients)
        for number in range(options.spans):
            asking.clients.stdin.write("go\n" if number % 2 else "pause\n")
            asking.clients.stdin.flush()
            time.sleep(3)  # earlier requests are answered by then
            span(port, token, options.seconds, kinds[number % 2])
            print(f"\rspan {number + 1} of {options.spans}", end="", file=sys.stderr)
        print(f"\rthe clients got {asking.end()}", file=sys.stderr)
    finally:
        site.end()
    return dict(zip(("alone", "with_clients"), map(figures_of, kinds)))


def figures_of(kind):
    took = sorted(kind["took"])
    return {"answers": len(took), "p50_ms": took[len(took) // 2], "p99_ms": took[len(took) * 99 // 100],
            "turns": int(kind["turns"]), "mean_delay_ms": kind["delays"] / kind["turns"]}


def main():
    if sys.argv[1:2] == ["--crowd"]:
        crowd(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--spans", type=int, default=40)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options)
    if options.json:
        print(json.dumps(result))
        return
    for name, row in result.items():
        print(f"{name:<13} {row['answers']} times GET /api/status: p50 {row['p50_ms']:.2f} ms, p99 {row['p99_ms']:.2f} ms; "
              f"{row['turns']} turns, mean delay {row['mean_delay_ms']:.3f} ms")


main()
