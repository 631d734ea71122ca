"""Makes valid and invalid calls from `tools/list` alone: none may end the server, violate its schema, or get no answer."""
import random

strange = [None, True, 0, -1, 2**63, 1.5, "", "x" * 300, "'; DROP TABLE events; --", "\u202e\x07", [], {}, {"a": [1]}, "../../etc/passwd", "NaN"]
words = ["dump-load-s19-1", "heat-room", "charge", "battery.voltage_v", "power.pv_w", "alarm", "voltage", "2025-06-21T06:00:00Z",
         "SELECT * FROM recent_activity", "SELECT count(*) FROM users", "DELETE FROM events", "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) SELECT n FROM c"]


def value_of(schema, dice):
    if dice.random() < 0.15:
        return dice.choice(strange)
    if "enum" in schema:
        return dice.choice(schema["enum"])
    if schema["type"] == "integer":
        return dice.randint(schema["minimum"] - 2, schema["maximum"] + 2)
    if schema["type"] == "number":
        return dice.choice([0, 0.5, 1, 1.5])
    if schema["type"] == "object":
        return dice.choice([{}, {"miners": {"dump-load-s19-1": {"start_voltage": dice.choice([45, 54, "x"])}}}, {"preferences": {"voltage_low": 46}}])
    if schema.get("format") == "date-time":
        return dice.choice(["2025-06-21T06:00:00Z", "2026-01-01T00:00:00+02:00", "1970-01-01T00:00:00Z", "yesterday"])
    return dice.choice(words)


def arguments_of(tool, dice):
    schema = tool["inputSchema"]
    given = {name: value_of(field, dice) for name, field in schema["properties"].items()
             if dice.random() < (0.95 if name in schema.get("required", []) else 0.4)}
    if dice.random() < 0.05:
        given[dice.choice(["x", "limits", "__proto__"])] = dice.choice(strange)
    return given


def run(client, calls, seed):
    """Returns how many were answered, and how many with an error to fix. Uses another client for each hundred calls, since one has limits."""
    dice = random.Random(seed)
    tools = client.ask("tools/list")["tools"]
    answered = mended = 0
    while answered < calls:
        tool = dice.choice(tools)
        if tool["name"] == "what_if" and dice.random() < 0.98:  # a replay takes seconds
            continue
        client.name = f"random-{answered // 100}"
        _, wrong = client.call(tool, arguments_of(tool, dice))
        answered += 1
        mended += wrong is not None
    return answered, mended
