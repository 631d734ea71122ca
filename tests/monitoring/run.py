#!/usr/bin/python3
"""run.py BUILD: tests alerts and dashboard with promtool, and with a real Prometheus that scrapes a real voltd with a simulated site for a minute."""
import json
import os
import re
import shutil
import subprocess
import sys
import time
import unittest
import urllib.parse
import urllib.request

tree = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{tree}/tests/browser", f"{tree}/tests/bench"]
import default_site  # noqa: E402
import seed  # noqa: E402
import voltsite  # noqa: E402

shipped = f"{tree}/systemd/monitoring"
# Metrics that neither an alert nor the dashboard uses.
left_out = {"voltd_build_info", "voltd_budget_known", "voltd_loop_longest_delay_seconds", "voltd_loop_delay_seconds_total", "voltd_output_level", "voltd_miner_override",
            "voltd_site_degraded", "voltd_site_clock_trusted", "voltd_store_written_rows_total", "voltd_store_longest_commit_seconds",
            "voltd_store_longest_query_seconds", "process_start_time_seconds", "process_open_fds"}
# Metrics that this site does not have: a night budget (no bank_wh), a query of the history, an alarm.
not_here = ("voltd_budget_", "voltd_store_query_seconds_total", "voltd_alarm")
scrapes_s = 60
suites = ("voltd-alerts.test.yaml", "voltd-alerts-slow.test.yaml")


def promtool(*words, **more):
    return subprocess.run(["promtool", *words], capture_output=True, text=True, **more)


def metrics_in(expression):
    return set(re.findall(r"\b(?:voltd|process)_[a-z_]+\b", expression))


def metrics_of_voltd():
    """Returns all names in the source, whether this site shows them or not."""
    return {name for path in ("metrics.cpp", "routes/stats_routes.cpp")
            for name in re.findall(r'"((?:voltd|process)_[a-z_]+)"', open(f"{tree}/daemon/api/{path}").read())}


def board():
    return json.load(open(f"{shipped}/voltd-board.json"))


def board_expressions():
    return [(panel["title"], target["expr"]) for panel in board()["panels"] for target in panel.get("targets", [])]


def rule_expressions():
    text = open(f"{shipped}/voltd-alerts.yaml").read()
    return [found[1].replace("''", "'") if found[1] is not None else found[2]
            for found in re.finditer(r"^ +expr: (?:'(.*)'|(.*))$", text, re.M)]


class Shipped(unittest.TestCase):
    def test_promtool_takes_the_rules_and_their_tests(self):
        for words in (("check", "rules", "voltd-alerts.yaml"), ("test", "rules", *suites)):
            done = promtool(*words, cwd=shipped)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_alert_has_a_series_that_fires_it_and_one_that_must_not(self):
        names = re.findall(r"- alert: (\w+)", open(f"{shipped}/voltd-alerts.yaml").read())
        tests = "".join(open(f"{shipped}/{name}").read() for name in suites)
        self.assertGreater(len(names), 20)
        for name in names:
            for end in ("fires", "stays quiet"):
                self.assertIn(f"- name: {name} {end}", tests)

    def test_a_description_ends_in_the_alarms_remedy(self):
        remedies = {code: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)) for code, text in
                    re.findall(r'case AlarmCode::(\w+):\s*return((?:\s*"(?:[^"\\]|\\.)*")+);',
                               open(f"{tree}/daemon/explain/alarm_remedies.cpp").read())}
        for rule in open(f"{shipped}/voltd-alerts.yaml").read().split("- alert: ")[1:]:
            code = re.search(r'code="(\w+)"', rule)
            if code:
                description = re.search(r"description: '(.*)'", rule)[1].replace("''", "'")
                self.assertTrue(description.endswith(f". {remedies[code[1]]}."), description)

    def test_the_board_imports_as_it_is(self):
        shown = board()
        self.assertIsNone(shown["id"])
        self.assertNotIn("__inputs", shown)
        self.assertEqual([it["name"] for it in shown["templating"]["list"]], ["datasource", "site"])
        ids = [panel["id"] for panel in shown["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        for panel in shown["panels"]:
            self.assertLessEqual(panel["gridPos"]["x"] + panel["gridPos"]["w"], 24)
            for target in panel.get("targets", []):
                self.assertEqual(target["datasource"]["uid"], "${datasource}")
                self.assertIn('site="$site"', target["expr"])
                self.assertNotRegex(target["expr"], r"\[\d+s\]|\[[1-9]m\]")  # too short for one scrape per minute

    def test_every_metric_named_exists_and_every_one_is_used_or_left_out(self):
        named = set().union(*(metrics_in(text) for text in [it for _, it in board_expressions()] + rule_expressions()))
        known = metrics_of_voltd()
        self.assertEqual(named - known, set())
        self.assertEqual(known - named - left_out, set())
        self.assertEqual(named & left_out, set())


class Scraped(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.site = voltsite.BrowserSite(programs, past=False)
        cls.addClassCleanup(cls.site.end)
        cls.site.stop_site()
        seed.short_holds(cls.site.database)
        cls.site.start_site()
        cls.port = default_site.free_port()
        folder = cls.site.folder
        with open(f"{folder}/voltd.key", "w") as file:
            file.write(json.loads(cls.site.ctl("key", "add", "prometheus", "--json"))["key"])
        text = open(f"{shipped}/scrape.yaml").read().replace("/etc/prometheus/voltd.key", f"{folder}/voltd.key")
        text = text.replace("127.0.0.1:8480", cls.site.api).replace("scrape_interval: 10s", "scrape_interval: 2s")
        text = text.replace("/usr/share/doc/voltd/monitoring/voltd-alerts.yaml", f"{shipped}/voltd-alerts.yaml")
        with open(f"{folder}/prometheus.yml", "w") as file:
            file.write("global: { evaluation_interval: 2s }\n" + text)
        checked = promtool("check", "config", f"{folder}/prometheus.yml")
        if checked.returncode != 0:
            raise AssertionError(checked.stdout + checked.stderr)
        cls.log = open(f"{folder}/prometheus.log", "w")
        cls.site.start(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
                        f"--web.listen-address=127.0.0.1:{cls.port}", "--log.level=warn"], stderr=cls.log)
        cls.begun = time.monotonic()
        voltsite.wait(lambda: cls.query("up"), "Prometheus has scraped voltd", 60)
        cls.site.ctl("override", "primary-s21-revenue", "on")
        voltsite.wait(lambda: cls.query("increase(voltd_miner_energy_wh_total[1d])"), "a miner runs and its meter has been read", 180)
        voltsite.wait(lambda: time.monotonic() - cls.begun > scrapes_s, "a minute of scrapes", 2 * scrapes_s)

    @classmethod
    def query(cls, expression):
        """Returns the result, or nothing while Prometheus does not answer. A rejected expression is an error."""
        url = f"http://127.0.0.1:{cls.port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as refused:
            if refused.code == 503:  # it is starting
                return []
            raise AssertionError(f"{expression}: {refused.read().decode()}") from refused
        except OSError:
            return []

    def test_promtool_takes_the_metrics(self):
        status, text = self.site.ask("GET", "/metrics")
        self.assertEqual(status, 200)
        done = promtool("check", "metrics", input=text)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_voltd_is_scraped_by_its_key(self):
        self.assertEqual([it["value"][1] for it in self.query('up{job="voltd", site="solar-shack"}')], ["1"])
        self.assertEqual([it["value"][1] for it in self.query("voltd_up")], ["1"])

    def test_every_expression_of_the_board_returns_something(self):
        for title, expression in board_expressions():
            text = expression.replace("$site", "solar-shack").replace("$__rate_interval", "1m")
            found = self.query(text)
            if found or any(it.startswith(not_here) for it in metrics_in(text)):
                continue
            if "==" in text or ">" in text or "!=" in text:  # a filter may return nothing; then its input must exist
                found = self.query(re.split(r" (?:==|>) ", text)[0].replace(', state!="off"', ""))
            lease = "voltd_output_lease_left_seconds" in text and not self.query('voltd_output_commanded == 1')
            self.assertTrue(found or lease, f"{title}: {text}")

    def test_every_alert_is_loaded_and_none_fires_but_known_ones(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/rules", timeout=10) as answer:
            rules = json.load(answer)["data"]["groups"][0]["rules"]
        self.assertEqual([rule for rule in rules if rule["health"] != "ok"], [])
        firing = {rule["name"] for rule in rules if rule["state"] == "firing"}
        self.assertEqual(firing, set())

    def test_the_boards_site_variable_finds_the_site(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/label/site/values?match[]=voltd_up", timeout=10) as answer:
            self.assertEqual(json.load(answer)["data"], ["solar-shack"])


if __name__ == "__main__":
    programs = voltsite.programs_of(sys.argv[1])
    for need in ("prometheus", "promtool"):
        if not shutil.which(need):
            sys.exit(f"there is no {need} (Debian: prometheus)")
    result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
