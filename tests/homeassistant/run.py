#!/usr/bin/python3
"""run.py BUILD [--golden]: tests voltd's messages for Home Assistant without Home Assistant: a real voltd, a simulated site, a private broker.

Compares each message with the documented form (device.schema.json) and, normalized, with golden/. Renders each template like Home Assistant, with
every state that voltd published and with each of its values unknown. --golden rewrites golden/."""
import datetime
import json
import os
import re
import signal
import subprocess
import sys
import threading
import unittest

import jinja2.sandbox
import jsonschema

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{os.path.dirname(here)}/browser")
import voltsite  # noqa: E402

most_bytes, most_state = 8000, 255
units = {"voltage": "V", "current": "A", "power": "W", "temperature": "°C", "battery": "%", "duration": "s", "energy": "kWh"}
templates = jinja2.sandbox.ImmutableSandboxedEnvironment()


class Broker:
    """Everything below the prefix and the site's root, in order of arrival: (retained, topic, payload)."""

    def __init__(self, site):
        self.site, self.seen = site, []
        self.child = site.start(["mosquitto_sub", "-p", str(site.broker_port), "-t", "homeassistant/#", "-t", "voltd/#", "-F", "%r\t%t\t%p"],
                                stdout=subprocess.PIPE)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.child.stdout:
            retained, topic, payload = line.decode(errors="replace").rstrip("\n").split("\t", 2)
            self.seen.append((retained == "1", topic, payload))

    def configs(self, since=0):
        return [(topic, payload) for _, topic, payload in self.seen[since:] if topic.startswith("homeassistant/device/")]

    def retained(self, pattern):
        """Returns the broker's current content."""
        done = subprocess.run(["mosquitto_sub", "-p", str(self.site.broker_port), "-t", pattern, "--retained-only", "-W", "2", "-F", "%t\t%p"],
                              capture_output=True, text=True)
        return dict(line.split("\t", 1) for line in done.stdout.splitlines())

    def publish(self, topic, payload, *options):
        subprocess.run(["mosquitto_pub", "-p", str(self.site.broker_port), "-t", topic, "-m", payload, *options], check=True)

    def clear(self, topic):
        subprocess.run(["mosquitto_pub", "-p", str(self.site.broker_port), "-t", topic, "-r", "-n"], check=True)


def rendered(template, payload):
    return templates.from_string(template).render(value=json.dumps(payload), value_json=payload)


def with_unknowns(payload):
    """Returns the payload, and one copy for each value that may be unknown, set to null."""
    yield payload
    for key, value in payload.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool) and key not in ("critical", "warning"):
            yield {**payload, key: None}
        if key == "source":
            yield {**payload, key: None}


def normalized(message):
    text = re.sub(r'"sw_version": "[^"]*"', '"sw_version": "VERSION"', json.dumps(message, indent=1, ensure_ascii=False))
    return text + "\n"


class Discovery(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shown = (r"clear_retained: false.*", "clear_retained: false\nhome_assistant: { discovery: true }")
        cls.site = voltsite.BrowserSite(programs, past=False, edits=[shown])
        cls.addClassCleanup(cls.site.end)
        cls.broker = Broker(cls.site)
        voltsite.wait(lambda: len({topic for topic, _ in cls.broker.configs()}) == 5, "the site, two miners and two zones are shown", 60)
        voltsite.wait(lambda: any(topic == "voltd/solar-shack/battery" and '"voltage_v":5' in text for _, topic, text in cls.broker.seen),
                      "a voltage", 60)

    def messages(self):
        return {topic: json.loads(payload) for topic, payload in self.broker.retained("homeassistant/#").items()}

    def topic_of(self, model, name):
        return next(topic for topic, it in self.messages().items() if it["device"]["model"] == model and it["device"]["name"] == name)

    def result_of(self, topic, payload, *options):
        since = len(self.broker.seen)
        self.broker.publish(f"voltd/solar-shack/{topic}/set", payload, *options)
        answer = voltsite.wait(lambda: [text for _, it, text in self.broker.seen[since:] if it == f"voltd/solar-shack/{topic}/result"],
                               f"an answer to {payload[:20]}")
        return json.loads(answer[0]), since

    def test_1_matches_each_message_to_the_documented_form(self):
        schema = json.load(open(f"{here}/device.schema.json"))
        jsonschema.Draft202012Validator.check_schema(schema)
        for topic, message in self.messages().items():
            with self.subTest(topic):
                jsonschema.validate(message, schema)
                self.assertRegex(topic, r"^homeassistant/device/[a-zA-Z0-9_-]+/config$")
                self.assertLess(len(json.dumps(message, ensure_ascii=False).encode()), most_bytes)
                ids = [it["unique_id"] for it in message["components"].values()]
                self.assertEqual(len(ids), len(set(ids)))
                for key, it in message["components"].items():
                    self.assertEqual(it["unique_id"], f"{message['device']['identifiers'][0]}_{key}")
                    if "unit_of_measurement" in it:
                        self.assertEqual(units[it["device_class"]], it["unit_of_measurement"])

    def test_2_matches_the_golden_messages(self):
        found = {"site": self.topic_of("Site", "voltd solar-shack"), "miner": self.topic_of("Miner", "Dump Load S19 #1"),
                 "zone": self.topic_of("Zone", "Heat Room")}
        for name, topic in found.items():
            text, path = normalized(self.messages()[topic]), f"{here}/golden/{name}.json"
            if golden:
                open(path, "w").write(text)
            self.assertEqual(text, open(path).read())

    def test_3_renders_each_template_for_its_entity(self):
        states = [(topic, json.loads(text)) for _, topic, text in self.broker.seen if topic.startswith("voltd/") and text.startswith("{")]
        for message in self.messages().values():
            for key, it in message["components"].items():
                topic = it.get("state_topic", message["state_topic"])
                payloads = [payload for at, payload in states if at == topic]
                with self.subTest(it["unique_id"]):
                    self.assertTrue(payloads, topic)
                    for payload in payloads:
                        for case in with_unknowns(payload):
                            self.check_state(key, it, rendered(it["value_template"], case))
                            if "json_attributes_template" in it:
                                self.assertEqual(json.loads(rendered(it["json_attributes_template"], case)), {"text": case["text"]})

    def check_state(self, key, it, text):
        self.assertLessEqual(len(text), most_state)
        if it["platform"] == "binary_sensor":
            return self.assertIn(text, ("ON", "OFF", "None"))
        if it["platform"] == "select":
            return self.assertIn(text, it["options"])
        if text == "None":
            return None
        if "options" in it:
            return self.assertIn(text, it["options"])
        if it.get("device_class") == "timestamp":
            return self.assertIsNotNone(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo)
        if "state_class" in it:
            return float(text)
        return self.assertTrue(text, key)

    def test_4_announces_again_when_home_assistant_returns(self):
        since = len(self.broker.seen)
        self.broker.publish("homeassistant/status", "online")
        voltsite.wait(lambda: len({topic for topic, _ in self.broker.configs(since)}) == 5, "every device again", 30)
        voltsite.wait(lambda: any(topic == "voltd/solar-shack/status" for _, topic, _ in self.broker.seen[since:]), "status again", 30)
        order = [topic for _, topic, _ in self.broker.seen[since:]]
        status = order.index("voltd/solar-shack/status")
        last_config = max(i for i, topic in enumerate(order) if topic.startswith("homeassistant/device/"))
        for suffix in ("battery", "site", "power", "alarms", "charge", "miner/dump-load-s19-1", "zone/heat-room"):
            self.assertIn(f"voltd/solar-shack/{suffix}", order[last_config:status])

    def test_5_keeps_the_device_of_a_renamed_miner(self):
        topic = self.topic_of("Miner", "Dump Load S19 #1")
        before = self.messages()[topic]
        self.site.ctl("miners", "set", "dump-load-s19-1", "name=Größe #1")
        voltsite.wait(lambda: json.loads(self.broker.retained(topic).get(topic) or "{}").get("device", {}).get("name") == "Größe #1", "the new name")
        after = self.messages()
        self.assertEqual(len(after), 5)
        self.assertEqual({key: it["unique_id"] for key, it in before["components"].items()},
                         {key: it["unique_id"] for key, it in after[topic]["components"].items()})
        self.assertRegex(after[topic]["state_topic"], r"^voltd/solar-shack/miner/[a-z0-9-]+$")

    def test_6_rejects_bad_commands_and_repeats_the_state(self):
        state = "voltd/solar-shack/miner/primary-s21-revenue"
        for payload in ("TOGGLE", "x" * 1024, "ON"):
            answer, since = self.result_of("miner/primary-s21-revenue", payload)
            self.assertFalse(answer["ok"])
            voltsite.wait(lambda: any(topic == state for _, topic, _ in self.broker.seen[since:]), f"the state after {payload[:20]}", 10)
        answer, since = self.result_of("mode", "BALANCED")
        self.assertFalse(answer["ok"])
        voltsite.wait(lambda: any(topic == "voltd/solar-shack/site" for _, topic, _ in self.broker.seen[since:]), "the mode again", 10)

    def test_7_retains_nothing_on_command_topics(self):
        for _ in range(100):
            self.broker.publish("voltd/solar-shack/mode/set", "AUTO")
        self.assertEqual(self.site.ask("GET", "/health", None)[0], 200)
        for pattern in ("cmnd/#", "shellies/#", "voltd/+/mode/set", "voltd/+/miner/+/set", "voltd/+/zone/+/+/set"):
            self.assertEqual(self.broker.retained(pattern), {})
        self.assertTrue(all(re.match(r"homeassistant/device/voltd_solar-shack[a-z0-9_]*/config$", topic) for topic in self.broker.retained("homeassistant/#")))

    def test_8_keeps_a_deleted_device_deleted_until_announced(self):
        topic = self.topic_of("Zone", "Heat Room")
        self.broker.clear(topic)
        since = len(self.broker.seen)
        self.broker.publish("homeassistant/status", "online")
        voltsite.wait(lambda: len({it for it, _ in self.broker.configs(since)}) >= 4, "the others again", 30)
        voltsite.wait(lambda: any(it == "voltd/solar-shack/status" for _, it, _ in self.broker.seen[since:]), "status again", 30)
        self.assertNotIn(topic, self.messages())
        self.site.ctl("ha", "announce")
        voltsite.wait(lambda: topic in self.broker.retained(topic), "the zone after 'voltctl ha announce'", 30)
        self.broker.clear(topic)
        self.site.restart()
        voltsite.wait(lambda: topic in self.broker.retained(topic), "the zone after the restart", 60)

    def test_9_clears_everything_without_discovery(self):
        self.broker.publish("homeassistant/device/someone_else/config", "{}", "-r")
        text = open(self.site.config).read()
        for line in ("home_assistant: { discovery: false }", "home_assistant: { discovery: true }", ""):
            open(self.site.config, "w").write(re.sub(r"home_assistant: \{.*\}", line, text))
            self.site.voltd.send_signal(signal.SIGHUP)
            wanted = 6 if "true" in line else 1
            voltsite.wait(lambda: len(self.broker.retained("homeassistant/#")) == wanted, f"{wanted} messages after '{line}'", 60)


if __name__ == "__main__":
    programs = voltsite.programs_of(sys.argv[1])
    golden = "--golden" in sys.argv
    result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Discovery))
    bad = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(bad > 0 or result.testsRun == 0)
