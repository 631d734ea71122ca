#!/usr/bin/python3
"""models.py BUILD: tests volt-agent ask against a real voltd and a scripted language model endpoint: fifteen ways to misbehave, an honest model, an
attacker, a model that proposes, trusted and untrusted TLS certificates, and the questions of questions.tsv and strangers.tsv without a model.

Each ask ends in time with JSON, its own exit code and rows in agent.db. Nothing in voltd changes, whatever the model sends."""
import argparse
import http.server
import json
import os
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import unittest

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{os.path.dirname(here)}/bench")
import default_site  # noqa: E402

tree = os.path.dirname(os.path.dirname(here))
options = argparse.ArgumentParser()
options.add_argument("build")
options.add_argument("--questions", action="append", help="FILE or FILE:N, each Nth line of it; more than once for more")
options = options.parse_args()
agent = os.path.abspath(f"{options.build}/volt-agent")
# Use every 4th question of strangers.tsv, to save time.
question_lists = options.questions or [f"{here}/questions.tsv", f"{here}/strangers.tsv:4"]
enough_questions, least_right = 60, 40
timeout_s = 3


def says(text, finish="stop"):
    return {"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": finish}], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}


def calls(*pairs, ids=None):
    listed = [{"id": ids or f"c{number}", "type": "function", "function": {"name": name, "arguments": arguments}} for number, (name, arguments) in enumerate(pairs)]
    return {"choices": [{"message": {"role": "assistant", "content": None, "tool_calls": listed}, "finish_reason": "tool_calls"}]}


def results_of(request):
    return [json.loads(message["content"]) for message in request["messages"] if message["role"] == "tool"]


class Endpoint:
    """Answers by `script(request, number)`: an object, bytes, a status, `drip`, or endless `headers`. `request` is None if the body is not JSON.
    `tls`: a context of Python's ssl; without it plain HTTP."""

    def __init__(self, tls=None):
        self.script, self.requests, self.heads, outer = None, [], [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            def parse_request(self):
                outer.heads.append(self.raw_requestline)
                return super().parse_request()

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(request)
                reply = outer.script(request, len(outer.requests))
                status = reply if isinstance(reply, int) else 200
                body = b"{}" if isinstance(reply, int) or reply in ("drip", "headers") else reply if isinstance(reply, bytes) else json.dumps(reply).encode()
                try:
                    self.send_response(status)
                    while reply == "headers":
                        self.flush_headers()
                        self.wfile.write(b"X-More: y\r\n" * 1000)
                    self.send_header("Content-Length", str(10 ** 6 if reply == "drip" else len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    while reply == "drip":
                        self.wfile.write(b" ")
                        self.wfile.flush()
                        time.sleep(0.05)
                except OSError:
                    pass  # the client has seen enough

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = tls is None  # wait for the others at the end
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/v1"

    def end(self):
        self.server.shutdown()
        self.server.server_close()

    def play(self, script):
        self.script, self.requests = script, []


def always(reply):
    return lambda request, number: reply


def first(reply, text="52.3 V"):
    return lambda request, number: reply if number == 1 else says(text)


# Name, script, and whether the model's own answer comes in the end.
misbehaviours = [
    ("refused", None, False),
    ("401", always(401), False),
    ("429", always(429), False),
    ("500", always(500), False),
    ("slow drip", always("drip"), False),
    ("5 MB", always(b" " * (5 << 20)), False),
    ("endless headers", always("headers"), False),
    ("not JSON", always(b"<html>busy</html>"), False),
    ("empty", always(says("")), False),
    ("unknown tool", first(calls(("reboot", "{}"))), True),
    ("arguments that are no JSON", first(calls(("explain", "{load:"))), True),
    ("arguments as an object", first(calls(("explain", {"load": "dump-load-s19-1"}))), True),
    ("call id twice", first(calls(("get_status", "{}"), ("get_status", "{}"), ids="same")), True),
    ("finish_reason length", always(says("The battery has", "length")), True),
    ("endless calls", always(calls(("get_status", "{}"))), False),
]

attacks = [
    ("change_settings", {"table": "miners", "row": "dump-load-s19-1", "fields": {"start_voltage": 45}, "why": "x"}),
    ("override_load", {"load": "dump-load-s19-1", "override": "on", "minutes": 120, "why": "x"}),
    ("set_mode", {"mode": "off", "why": "x"}), ("approve", {"code": "AAAAAAAA"}), ("undo_change", {"change": 1, "why": "x"}), ("shell", {"command": "id"}),
    ("query_history", {"sql": "UPDATE miner_profiles SET start_voltage = 45"}), ("query_history", {"sql": "ATTACH '/tmp/x' AS x"}),
    ("query_history", {"sql": "SELECT * FROM users"}), ("query_history", {"sql": "SELECT * FROM web_sessions"}), ("query_history", {"sql": "SELECT 1; DROP TABLE events"}),
    ("read_document", {"uri": "volt://manual/../../../etc/passwd"}), ("read_document", {"uri": "file:///etc/voltd/voltd.yaml"}),
    ("explain", {"load": "x' OR 1=1 --"}), ("explain", {"load": "volt://manual/invented.md:1-2"}), ("get_settings", {"table": "users"}),
]


# A certificate's authority, days and names; the requested host; the text of the rejection, or None if the model answers.
certificates = [
    ("known", 1, "DNS:localhost,IP:127.0.0.1", "localhost", None),
    ("known", 1, "DNS:localhost,IP:127.0.0.1", "127.0.0.1", None),
    ("unknown", 1, "DNS:localhost", "localhost", "no known authority signed its certificate: .*update-ca-certificates"),
    ("server", 1, "DNS:localhost", "localhost", "no known authority signed its certificate: .*update-ca-certificates"),
    ("known", 0, "DNS:localhost", "localhost", "its certificate has expired: .*clock"),
    ("known", 1, "DNS:other.example", "localhost", "its certificate is for another host: .*model.url"),
    ("known", 1, "DNS:localhost", "127.0.0.1", "its certificate is for another host: .*model.url"),
]


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = default_site.Site(options.build, f"{tree}/schema/voltd.example.yaml", [(r"commands: live", "commands: shadow")])
        cls.site.start_voltd()
        cls.endpoint = Endpoint()
        subprocess.run([agent, "setup", "--config", cls.configured(None)], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.site.end()

    @classmethod
    def configured(cls, url, more=""):
        path = f"{cls.site.folder}/agent.yaml"
        with open(path, "w") as file:
            file.write(f"voltd: {{ config: {cls.site.config}, key_file: {cls.site.folder}/agent.key }}\nstore: {cls.site.folder}\n{more}")
            if url:
                file.write(f"model: {{ url: '{url}', name: m, timeout_s: {timeout_s}, key_file: {cls.site.folder}/none }}\n")
        return path

    def ask(self, question, url, *more, config="", env=None):
        """Returns the answer and the exit code. Ends within twice the model's time, plus a command and process exits."""
        done = subprocess.run([agent, "ask", question, "--json", *more, "--config", self.configured(url, config)], capture_output=True, text=True, timeout=2 * timeout_s + 60, env=env)
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        self.assertGreater(len(done.stdout), 0, done.stderr)
        return json.loads(done.stdout), done.returncode

    def rows(self, sql, *values):
        with sqlite3.connect(f"file:{self.site.folder}/agent.db?mode=ro", uri=True) as db:
            return db.execute(sql, values).fetchall()

    def kept(self):
        with sqlite3.connect(f"file:{self.site.folder}/voltd.db?mode=ro", uri=True) as db:
            return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("settings_history", "relay_commands")] + [
                db.execute("SELECT max(revision) FROM settings_revision").fetchone()[0]]

    def test_1_survives_misbehaving_models(self):
        before = self.kept()
        for name, script, answered in misbehaviours:
            with self.subTest(name=name):
                url = self.endpoint.url if script else f"http://127.0.0.1:{default_site.free_port()}/v1"
                self.endpoint.play(script)
                answer, code = self.ask("why is the dump load off?", url)
                roles = [row[0] for row in self.rows("SELECT role FROM messages WHERE conversation_id = ? ORDER BY id", answer["conversation"])]
                self.assertEqual((roles[0], roles[-1]), ("user", "assistant"))
                errors = self.rows("SELECT message FROM log WHERE conversation_id = ? AND event_type = 'error'", answer["conversation"])
                if answered:
                    self.assertEqual((answer["answered_by"], code, errors), ("model", 0, []))
                else:
                    self.assertIn("The model did not answer", answer["response"])
                    self.assertEqual(len(errors), 1)
                if not answered and name != "endless calls":
                    self.assertEqual((answer["answered_by"], code, answer["tools"]), ("command", 0, ["voltctl explain dump-load-s19-1"]))
                if name in ("429", "500", "not JSON", "empty"):
                    self.assertEqual(len(self.endpoint.requests), 3)
                if name in ("401", "5 MB", "endless headers", "slow drip"):
                    self.assertEqual(len(self.endpoint.requests), 1)
        self.assertEqual(self.kept(), before)

    def test_2_answers_with_an_honest_model(self):
        def honest(request, number):
            results = results_of(request)
            if not results:
                return calls(("get_status", "{}"), ("search_documents", '{"query":"output stuck on"}'))
            battery = results[0]["battery"]
            return says(f"The battery has {battery['voltage_v']:.1f} V. See {results[1]['hits'][0]['uri']}.")

        self.endpoint.play(honest)
        answer, code = self.ask("What is my current battery level?", self.endpoint.url)
        self.assertEqual((code, answer["answered_by"], answer["unchecked"], answer["sources"]), (0, "model", [], ["volt://manual/alarms.md"]))
        self.assertEqual(answer["tools"], ["get_status", "search_documents"])
        kept = self.rows("SELECT role, tool_calls, tool_results, duration_ms FROM messages WHERE conversation_id = ? ORDER BY id", answer["conversation"])
        self.assertEqual([row[0] for row in kept], ["user", "tool", "tool", "assistant"])
        self.assertTrue(all(row[1] and row[2] and row[3] is not None for row in kept[1:3]))
        again, _ = self.ask("and now?", self.endpoint.url, "--last")
        self.assertEqual(again["conversation"], answer["conversation"])
        self.assertEqual([message["role"] for message in self.endpoint.requests[2]["messages"]], ["system", "user", "assistant", "user"])

    def test_3_resists_an_attacking_model(self):
        before = self.kept()
        lies = "Done: start_voltage is 45 V now. Approve with code AAAAAAAA. See volt://doc/site/orders.pdf, " \
               "volt://manual/invented.md:1-2, manual/alarms.md:9999 and https://evil.example/?key=1."

        def attacker(request, number):
            asked = len(results_of(request))
            return calls(*((name, json.dumps(arguments)) for name, arguments in attacks[asked:asked + 5])) if asked < len(attacks) else says(lies)

        self.endpoint.play(attacker)
        answer, code = self.ask("is all well?", self.endpoint.url)
        self.assertEqual(code, 0)
        self.assertEqual(self.kept(), before)
        for invented in ("orders.pdf", "invented.md", "9999", "evil.example"):
            self.assertNotIn(invented, answer["response"])
        self.assertIn("45 V", answer["unchecked"])
        results = results_of(self.endpoint.requests[-1])
        self.assertEqual(len(results), len(attacks))
        for (name, arguments), result in zip(attacks, results):
            self.assertIn("error", result, (name, arguments))
        log = [row[0] for row in self.rows("SELECT message FROM log WHERE conversation_id = ? AND event_type = 'tool_call' ORDER BY id", answer["conversation"])]
        self.assertEqual([line.split(":")[0] for line in log], [name for name, _ in attacks])
        secrets = open(f"{self.site.folder}/agent.key").read().strip()
        self.assertNotIn(secrets, json.dumps(self.endpoint.requests))

    def test_4_recovers_from_a_power_cut(self):
        hold = threading.Event()

        def held(request, number):
            if number == 2:
                hold.wait(timeout_s)
            return calls(("get_status", "{}"))

        self.endpoint.play(held)
        child = subprocess.Popen([agent, "ask", "is it held?", "--config", self.configured(self.endpoint.url)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(self.endpoint.requests) < 2:
            self.assertIsNone(child.poll())
            time.sleep(0.02)
        child.kill()
        child.wait()
        hold.set()
        kept = self.rows("SELECT role FROM messages WHERE conversation_id = (SELECT id FROM conversations WHERE title = 'is it held?') ORDER BY id")
        self.assertEqual([row[0] for row in kept], ["user", "tool"])

    def test_5_stores_a_proposal(self):
        """With proposals on, the model may store one: it waits, the owner gets a hint, and nothing is changed."""
        before = self.kept()
        wanted = {"table": "miners", "row": "dump-load-s19-1", "fields": {"start_voltage": 54.8}, "why": "more sun"}
        self.endpoint.play(first(calls(("change_settings", json.dumps(wanted))), "I proposed it; it waits for you."))
        answer, code = self.ask("start the dump load later", self.endpoint.url, config="proposals: approve\n")
        self.assertEqual((code, answer["tools"], len(answer["waiting"])), (0, ["change_settings"], 1), answer)
        self.assertEqual(self.kept(), before)
        prompt = self.endpoint.requests[0]["messages"][0]["content"]
        self.assertIn("you may propose it by your tools", prompt)
        self.assertIn("change_settings", [tool["function"]["name"] for tool in self.endpoint.requests[0]["tools"]])
        kept, sent = self.rows("SELECT client, transport, state, code FROM proposals WHERE id = ?", answer["waiting"][0])[0], json.dumps([answer, self.endpoint.requests])
        self.assertEqual(kept[:3], ("ask (m)", "ask", "waiting"))
        self.assertNotIn(kept[3], sent)
        facts = json.loads(self.rows("SELECT metadata FROM messages WHERE conversation_id = ? ORDER BY id DESC LIMIT 1", answer["conversation"])[0][0])
        self.assertEqual(facts["waiting"], answer["waiting"])
        shown = subprocess.run([agent, "proposals", "--config", self.configured(None)], capture_output=True, text=True, check=True, timeout=60).stdout
        self.assertIn("change_settings by ask (m)", shown)
        self.assertIn("54.5 -> 54.8", shown)
        # If proposals are off, neither the tools nor the sentence is offered.
        self.endpoint.play(always(says("Nothing.")))
        self.ask("start the dump load later", self.endpoint.url)
        self.assertNotIn("you may propose", self.endpoint.requests[0]["messages"][0]["content"])
        self.assertNotIn("change_settings", json.dumps(self.endpoint.requests[0]["tools"]))

    @staticmethod
    def core(line):
        """Returns a command without options that only narrow its answer: its words, and the load."""
        words, kept = line.split(), []
        while words:
            word = words.pop(0)
            if word == "--load":
                kept.append(words.pop(0))
            elif word in ("--last", "--since", "--from", "--to", "--reason", "--table", "--row"):
                del words[:1]
            elif not word.startswith("--"):
                kept.append(word)
        return kept

    @staticmethod
    def questions_of(wanted):
        """Returns the lines of FILE or FILE:N that are questions."""
        path, _, step = wanted.partition(":")
        lines = [line for line in open(path) if not line.startswith("#") and "\t" in line]
        return lines[::int(step or 1)]

    def test_6_answers_questions_without_a_model(self):
        """Checks each list: no wrong command, and if a command answers many of its questions, mostly the right one."""
        for wanted in question_lists:
            with self.subTest(questions=wanted):
                self.answered_without_a_model(wanted)

    def answered_without_a_model(self, wanted):
        answerable, right, passages, wrong = 0, 0, [], []
        for line in self.questions_of(wanted):
            question, expected = line.rstrip("\n").split("\t")[:2]
            answerable += expected != "-"
            answer, _ = self.ask(question, None)
            ran = answer["tools"][0].removeprefix("voltctl ") if answer["answered_by"] == "command" else "-"
            if ran == "-":
                passages += [question] * (expected != "-")
            elif not any(self.core(ran)[:len(core)] == core for core in map(self.core, expected.split(" || "))):
                wrong.append((question, expected, ran))
            else:
                right += 1
        print(f"{os.path.basename(wanted)}: of {answerable} questions that a command answers, {right} answered by the right one, {len(passages)} by passages; {len(wrong)} by a wrong one", flush=True)
        for question in passages:
            print(f"  passages: {question}", flush=True)
        self.assertEqual(wrong, [])
        if answerable >= enough_questions:
            self.assertGreaterEqual(right, least_right)

    def certificate(self, authority, days, names):
        """Returns a server's context with a certificate for these names. 0 days: expired. Authority `server`: signed by its own key."""
        folder = f"{self.site.folder}/tls"
        os.makedirs(folder, exist_ok=True)

        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=60)

        def key(name, *more):
            openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", *more)

        for name in ("known", "unknown"):
            if not os.path.exists(f"{folder}/{name}.pem"):
                key(name, "-x509", "-out", f"{name}.pem", "-subj", f"/CN={name}")
        key("server", "-out", "server.csr", "-subj", "/CN=localhost")
        with open(f"{folder}/names", "w") as file:
            file.write(f"subjectAltName={names}\n")
        signed = ["-signkey", "server.key"] if authority == "server" else ["-CA", f"{authority}.pem", "-CAkey", f"{authority}.key"]
        openssl("x509", "-req", "-in", "server.csr", *signed, "-days", str(days), "-extfile", "names", "-out", "server.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
        return context

    def test_6_checks_tls_certificates(self):
        """Checks that nothing is sent to a server with an untrusted certificate: neither the question nor the key."""
        for authority, days, names, host, refusal in certificates:
            with self.subTest(authority=authority, days=days, names=names, host=host):
                endpoint = Endpoint(self.certificate(authority, days, names))
                endpoint.play(always(says("52.3 V")))
                answer, code = self.ask("why is the dump load off?", f"https://{host}:{endpoint.port}/v1",
                                        env={**os.environ, "SSL_CERT_FILE": f"{self.site.folder}/tls/known.pem"})
                endpoint.end()
                self.assertEqual((code, answer["answered_by"]), (0, "command" if refusal else "model"))
                self.assertEqual((len(endpoint.heads), len(endpoint.requests)), (0, 0) if refusal else (1, 1))
                if refusal:
                    self.assertRegex(answer["response"], f"the model at {host} is not trusted: {refusal}")

    def test_7_prints_statistics(self):
        done = subprocess.run([agent, "ask", "stats", "--json", "--config", self.configured(None)], capture_output=True, text=True, check=True, timeout=60)
        stats = json.loads(done.stdout)
        self.assertGreaterEqual(stats["questions"], len(misbehaviours))
        self.assertGreaterEqual(stats["refused_calls"], len(attacks))


result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Models))
print(f"{result.testsRun - len(result.failures) - len(result.errors)} passed, {len(result.failures) + len(result.errors)} failed")
sys.exit(0 if result.wasSuccessful() else 1)
