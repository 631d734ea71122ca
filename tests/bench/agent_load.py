#!/usr/bin/python3
"""agent_load.py PROGRAMS [--runs N] [--clients N] [--seconds S] [--json]: what clients of volt-agent that ask all at once cost voltd.

The default site without volt-agent, then with `volt-agent serve` (scheduled when idle, as its unit has it) and so many clients that call its tools, each tenth
call a question in words; who is turned away tries again as soon as it is asked to. They run in a process of their own, likewise: on a site they are other machines. Of voltd: the time of
GET /api/status, one each 20 ms, and the longest delay of a turn. Medians of the runs."""
import argparse
import http.client
import json
import os
import subprocess
import sys
import threading
import time

from default_site import Site, free_port, median

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
    """Clients of `volt-agent serve` over this site."""

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


def ask(port, token, number, ended, answers):
    calls = 0
    while not ended.is_set():
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
    """Until the input ends; prints how often each status came."""
    ended, answers = threading.Event(), []
    threads = [threading.Thread(target=ask, args=(port, token, number, ended, answers), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    ended.set()
    for thread in threads:
        thread.join(70)
    print(json.dumps({str(status): answers.count(status) for status in set(answers)}))


def measure(options, clients):
    site = Site(options.programs, source)
    try:
        site.start_voltd()
        with open(site.config) as file:
            port = int(next(line for line in file if "listen:" in line and "127.0.0.1" in line).split("127.0.0.1:")[1].split('"')[0])
        with open(f"{site.folder}/token") as file:
            token = file.read().strip()
        asking = Crowd(options.programs, site, clients) if clients else None
        took, begin = [], time.monotonic()
        for number in range(options.seconds * 50):
            time.sleep(max(0.0, begin + number * 0.02 - time.monotonic()))
            asked = time.monotonic()
            if request(port, "GET", "/api/status", token)[0] == 200:
                took.append(1000 * (time.monotonic() - asked))
        delay = request(port, "GET", "/api/system", token)[1]["process"]["longest_delay_ms"]
        answers = asking.end() if asking else {}
        took.sort()
        return {"answers": len(took), "p50_ms": took[len(took) // 2], "p99_ms": took[len(took) * 99 // 100], "longest_delay_ms": delay,
                "clients": answers}
    finally:
        site.end()


def main():
    if sys.argv[1:2] == ["--crowd"]:
        crowd(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = {}
    for run in range(options.runs):
        for name, clients in (("alone", 0), ("with_clients", options.clients)):
            figures.setdefault(name, []).append(measure(options, clients))
            print(f"run {run + 1}, {name}: {figures[name][-1]}", file=sys.stderr)
    result = {name: {key: median([run[key] for run in runs]) for key in ("p50_ms", "p99_ms", "longest_delay_ms")} for name, runs in figures.items()}
    if options.json:
        print(json.dumps(result))
        return
    for name, row in result.items():
        print(f"{name:<13} GET /api/status p50 {row['p50_ms']:.2f} ms, p99 {row['p99_ms']:.2f} ms; longest delay of a turn {row['longest_delay_ms']} ms")


main()
