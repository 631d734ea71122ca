#!/usr/bin/python3
"""run.py BUILD [--calls N] [--seed S] [--clients DIRECTORY]: tests volt-agent against a real voltd, a simulated site and a private broker.

Both eras of MCP over stdio, every tool, resource, prompt and completion; each answer by its schema; random calls. With --clients also the
official client libraries of that directory (npm ci)."""
import argparse
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
sys.path.insert(0, f"{os.path.dirname(here)}/bench")
sys.path.insert(0, f"{os.path.dirname(here)}/fakes")
import default_site  # noqa: E402
import conformance  # noqa: E402
import mcp_client  # noqa: E402
import owner  # noqa: E402
import random_client  # noqa: E402

tree = os.path.dirname(os.path.dirname(here))
options = argparse.ArgumentParser()
options.add_argument("build")
options.add_argument("--calls", type=int, default=1000)
options.add_argument("--seed", type=int, default=7)
options.add_argument("--clients")
options = options.parse_args()
agent = os.path.abspath(f"{options.build}/volt-agent")

good = {
    "get_status": [{}], "explain": [{}, {"load": "dump-load-s19-1"}], "summarize_period": [{}, {"load": "primary-s21-revenue"}],
    "get_history": [{"series": "battery.voltage_v"}, {"series": "power.pv_w", "points": 50}, {"series": "power.pv_w", "resolution": "hour"}],
    "list_decisions": [{}, {"load": "heat-room"}],
    "list_events": [{}, {"level": "warning"}], "get_settings": [{"table": "preferences"}, {"table": "miners"}, {"table": "zones"}],
    "list_setting_changes": [{}], "query_history": [{"sql": "SELECT * FROM recent_activity LIMIT 5"}],
    "search_documents": [{"query": "why does the relay stay on?"}], "read_document": [{"uri": "volt://manual/alarms.md", "lines": 20}],
    "search_memory": [{"query": "nights"}], "remember": [{"kind": "preference", "text": "quiet nights", "importance": 1}], "forget": [None],
    "what_if": [{"changes": {"miners": {"dump-load-s19-1": {"start_voltage": 54}}}, "hours": 1}],
}


class Agent(owner.Owner, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Runs in shadow: whatever the rules decide, no relay moves, so a command in the database would be the agent's.
        cls.site = default_site.Site(options.build, f"{tree}/schema/voltd.example.yaml", [(r"commands: live", "commands: shadow")])
        cls.voltd, _ = cls.site.start_voltd()
        cls.agent, cls.programs, cls.clients = agent, os.path.abspath(options.build), 0
        cls.config = cls.config_of("kept")
        subprocess.run([agent, "setup", "--config", cls.config], check=True, stdout=subprocess.DEVNULL)
        cls.command = [agent, "mcp", "--config", cls.config]

    @classmethod
    def tearDownClass(cls):
        cls.site.end()

    @classmethod
    def config_of(cls, name, more=""):
        """Returns an agent.yaml with a separate store, in the directory of this name."""
        os.makedirs(f"{cls.site.folder}/{name}")
        path = f"{cls.site.folder}/{name}.yaml"
        with open(path, "w") as file:
            file.write(f"voltd: {{ config: {cls.site.config}, key_file: {cls.site.folder}/agent.key }}\nstore: {cls.site.folder}/{name}\n{more}")
        return path

    def client(self, revision):
        Agent.clients += 1
        return mcp_client.Client(self.command, revision, name=f"test-{Agent.clients}")

    def kept(self):
        with sqlite3.connect(f"file:{self.site.folder}/voltd.db?mode=ro", uri=True) as db:
            return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("settings_history", "relay_commands")] + [
                db.execute("SELECT max(revision) FROM settings_revision").fetchone()[0]]

    def test_1_serves_everything_in_each_era(self):
        for revision in (mcp_client.modern, "2025-11-25", "2025-06-18", "2025-03-26"):
            with self.subTest(revision=revision):
                client = self.client(revision)
                if revision == mcp_client.modern:
                    known = client.ask("server/discover")
                    self.assertEqual(known["supportedVersions"], [mcp_client.modern])
                    self.assertEqual(known["capabilities"]["resources"], {"subscribe": True})
                    subscription, granted = client.listen("volt://alarms", "volt://status")
                    self.assertEqual(granted, {"resourceSubscriptions": ["volt://alarms"]})
                    client.send({"method": "notifications/cancelled", "params": {"requestId": subscription}})
                else:
                    self.assertEqual(client.hello["protocolVersion"], revision)
                    self.assertEqual(client.ask("ping"), {})
                tools = client.ask("tools/list")["tools"]
                self.assertEqual(sorted(good), sorted(tool["name"] for tool in tools))
                for tool in tools:
                    for arguments in good[tool["name"]]:
                        answer, wrong = client.call(tool, arguments if arguments is not None else {"id": remembered})
                        self.assertIsNone(wrong, (tool["name"], arguments))
                        if tool["name"] == "remember":
                            remembered = answer["id"]
                        self.assertTrue(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)", answer["local"]), answer["local"])
                for resource in client.ask("resources/list")["resources"]:
                    self.assertTrue(client.ask("resources/read", {"uri": resource["uri"]})["contents"][0]["text"])
                for uri in ("volt://settings/miners", "volt://load/dump-load-s19-1"):
                    json.loads(client.ask("resources/read", {"uri": uri})["contents"][0]["text"])
                self.assertTrue(client.ask("resources/read", {"uri": "volt://manual/reasons.md"})["contents"][0]["text"].startswith("# Reasons"))
                for prompt in client.ask("prompts/list")["prompts"]:
                    given = {argument["name"]: "x" for argument in prompt.get("arguments", [])}
                    self.assertTrue(client.ask("prompts/get", {"name": prompt["name"], "arguments": given})["messages"])
                done = client.ask("completion/complete", {"ref": {"type": "ref/prompt", "name": "why_off"}, "argument": {"name": "load", "value": "dump"}})
                self.assertEqual(done["completion"]["values"], ["dump-load-s19-1"])
                done = client.ask("completion/complete", {"ref": {"type": "ref/prompt", "name": "why_off"}, "argument": {"name": "series", "value": "battery.s"}})
                self.assertEqual(done["completion"]["values"], ["battery.soc_pct"])
                for method, params, code in (("nonsense", {}, -32601), ("tools/call", {"name": "rm"}, -32602),
                                             ("resources/read", {"uri": "volt://doc/x/../../etc/passwd"}, -32602)):
                    self.assertEqual(client.answer(method, params)["error"]["code"], code)
                client.end()

    def test_2_random_calls_change_nothing(self):
        """Compares settings, commands and the wire. Each call is a message and a row of the log."""
        config = self.config_of("random", "proposals: approve\nkeep: { megabytes: 512 }\n")
        before, heard = self.kept(), f"{self.site.folder}/heard"
        with open(heard, "w") as file:
            self.site.start(["mosquitto_sub", "-p", str(self.site.broker_port), "-t", "#", "-F", "%t %p"], stdout=file)
        client = mcp_client.Client([agent, "mcp", "--config", config], mcp_client.modern)
        answered, mended = random_client.run(client, options.calls, options.seed)
        print(f"random calls: {answered} answered, {mended} of them with something to mend, VmHWM {memory(client.child.pid)} kB", flush=True)
        client.end()
        self.assertEqual(self.kept(), before)
        with open(heard, errors="replace") as file:
            orders = [line for line in file if re.match(r"(cmnd/\S+/POWER\d* (ON|OFF)|\S+/set \S|\S+/command \S)", line)]
        self.assertEqual(orders, [])
        for rows in ("messages", "log"):
            self.assertEqual(self.rows(f"{self.site.folder}/random/agent.db", f"SELECT count(*) FROM {rows}")[0][0], answered)
        size = sum(os.path.getsize(f"{self.site.folder}/random/agent.db{part}") for part in ("", "-wal") if os.path.exists(f"{self.site.folder}/random/agent.db{part}"))
        print(f"agent.db: {size / answered:.0f} bytes a call", flush=True)

    def test_3_prints_figures(self):
        begin = time.monotonic()
        client = self.client(mcp_client.modern)
        listed = client.ask("tools/list")
        first = time.monotonic() - begin
        size = len(json.dumps(listed, separators=(",", ":")))
        tool = next(tool for tool in listed["tools"] if tool["name"] == "get_status")
        took = []
        for _ in range(20):
            begin = time.monotonic()
            client.call(tool, {})
            took.append(time.monotonic() - begin)
        print(f"start to tools/list {first * 1000:.0f} ms, get_status {sorted(took)[10] * 1000:.1f} ms, tools/list {size} bytes, "
              f"end {client.end() * 1000:.0f} ms", flush=True)
        self.assertLess(size, 14_000)

    @unittest.skipUnless(options.clients, "no --clients: the official clients are not asked")
    def test_4_works_with_official_clients(self):
        shutil.copy(f"{here}/clients.mjs", options.clients)
        node = conformance.node_of(options.clients)
        subprocess.run([node, f"{options.clients}/clients.mjs", *self.command], check=True, timeout=300)
        program = f"{self.site.folder}/agent.sh"  # the inspector uses --config itself
        with open(program, "w") as file:
            file.write(f"#!/bin/sh\nexec {' '.join(self.command)}\n")
        os.chmod(program, 0o755)
        inspector = [node, f"{options.clients}/node_modules/.bin/mcp-inspector", "--cli", program]
        for method in (["tools/list", "--strict"], ["resources/list"], ["prompts/list"],
                       ["tools/call", "--tool-name", "search_documents", "--tool-arg", "query=pulse time lease"]):
            done = subprocess.run([*inspector, "--method", *method], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 0, (method, done.stdout[-2000:], done.stderr[-2000:]))

    def test_5_serves_http(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        config = self.config_of("http", f"http: {{ listen: '127.0.0.1:{port}', token_file: {self.site.folder}/agent.token }}\n")
        with subprocess.Popen([agent, "serve", "--config", config], stderr=subprocess.PIPE, text=True) as serving:
            try:
                for line in serving.stderr:
                    if "the token is in" in line:
                        break
                self.served(port, open(f"{self.site.folder}/agent.token").read().strip())
            finally:
                serving.terminate()
        self.assertEqual(serving.returncode, 0)

    def test_z_answers_without_voltd(self):
        """Runs last: the database and the documents still answer, and everything else names voltd."""
        self.voltd.terminate()
        self.voltd.wait(30)
        client = self.client(mcp_client.modern)
        for name, arguments in (("get_status", {}), ("explain", {}), ("what_if", {"changes": {}})):
            _, wrong = self.call(client, name, **arguments)
            self.assertIn("cannot reach voltd", wrong or "", name)
        for name in ("summarize_period", "get_history", "list_decisions", "list_events", "get_settings", "list_setting_changes", "query_history", "search_documents"):
            for arguments in good[name]:
                self.assertIsNone(self.call(client, name, **arguments)[1], (name, arguments))
        client.end()
        checked = subprocess.run([agent, "check", "--config", self.config], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 3, checked.stdout + checked.stderr)
        self.assertIn("cannot reach voltd", checked.stdout)

    def served(self, port, token):
        before = self.kept()

        def ask(method, path, body=None, bearer=token):
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", None if body is None else json.dumps(body).encode(), method=method,
                                             headers={"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, json.loads(answer.read() or "null")
            except urllib.error.HTTPError as error:
                return error.code, json.loads(error.read() or "null")

        self.assertEqual(ask("GET", "/health", bearer="none")[1]["status"], "ok")
        self.assertEqual(ask("GET", "/conversations", bearer="none")[0], 401)
        listed = ask("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})[1]["result"]["tools"]
        self.assertEqual(sorted(good), sorted(tool["name"] for tool in listed))
        status, answer = ask("POST", "/ask", {"message": "why is the dump load off?"})
        self.assertEqual((status, answer["answered_by"]), (200, "command"), answer)
        messages = ask("GET", f"/conversations/{answer['conversation']}")[1]["messages"]
        self.assertGreaterEqual(len(messages), 2)
        self.assertEqual(ask("GET", "/system/stats")[1]["conversations"], 1)
        if options.clients:
            self.assertEqual(conformance.run(port, token, options.clients), [])
        self.assertEqual(self.kept(), before)


def memory(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1))


result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Agent))
print(f"{result.testsRun - len(result.failures) - len(result.errors) - len(result.skipped)} passed, {len(result.failures) + len(result.errors)} failed")
sys.exit(0 if result.wasSuccessful() else 1)
