"""Adds past days to a database that voltd has created: voltages and powers of a sunny site, runs, fan levels and decisions, for views of history.

The minutes of `days`, with a gap of two hours each third night, as if the computer was off."""
import json
import math
import sqlite3


def sun(hour):
    return max(0.0, math.sin((hour - 5.5) / 14 * math.pi)) if 5.5 < hour < 19.5 else 0.0


def minute(t, offset_s):
    """Returns voltage in 0.01 V, and battery, PV and load in W, for the minute at `t`."""
    hour = ((t + offset_s) % 86400) / 3600
    day = (t + offset_s) // 86400
    cloud = 0.75 + 0.25 * math.sin(day * 1.7) - (0.35 if (t // 600) % 7 == day % 7 and 9 < hour < 16 else 0)
    pv = int(11500 * sun(hour) * cloud)
    miner = 3878 if 9.5 < hour < 22 else 0
    load = int(450 + 200 * math.sin(hour) ** 2 + 900 * (1 if 18 < hour < 21 else 0)) + miner
    battery = max(-6000, min(9500, pv - load))
    voltage = 5130 + 190 * math.sin((hour - 10.5) / 24 * 2 * math.pi) + battery / 9500 * 130 + 20 * math.sin(day)
    return int(voltage), battery, pv, load


def slots(now, days, offset_s):
    begin = now - now % 86400 - days * 86400
    for t in range(begin, now - 120, 60):
        hour = ((t + offset_s) % 86400) // 3600
        if (t + offset_s) // 86400 % 3 == 0 and 2 <= hour < 4:
            continue
        yield t


def telemetry(db, now, days, offset_s):
    source = db.execute("SELECT id FROM sources WHERE name = 'victron.battery'").fetchone()[0]
    battery, inverter = [], []
    for t in slots(now, days, offset_s):
        v, power, pv, load = minute(t, offset_s)
        low, high = v - 6 - (t // 60) % 9, v + 4 + (t // 60) % 5
        battery.append((t * 256 + source, v, low, high, power * 100 // 52, power, 6500, 190))
        inverter.append((t, 6500, power, v, low, high, power * 100 // 52, pv, load, 0))
    db.executemany("INSERT OR IGNORE INTO victron_battery_minutes (id, voltage, voltage_min, voltage_max, current, power, soc, temperature) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", battery)
    db.executemany("INSERT OR IGNORE INTO solark_minutes (timestamp, soc, batt_power, batt_voltage, batt_voltage_min, batt_voltage_max, batt_current, "
                   "pv_power, load_power, grid_power) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", inverter)


def raw(path, begin, hours, offset_s):
    """Returns rows of half a minute for `hours` from `begin` on."""
    db = sqlite3.connect(path, timeout=20)
    with db:
        source = db.execute("SELECT id FROM sources WHERE name = 'victron.battery'").fetchone()[0]
        for t in range(begin, begin + hours * 3600, 30):
            v, power, pv, load = minute(t, offset_s)
            db.execute("INSERT OR IGNORE INTO victron_battery_readings (id, voltage, voltage_min, voltage_max, current, power) VALUES (?, ?, ?, ?, ?, ?)",
                       (t * 256 + source, v, v - 2, v + 2, power * 100 // 52, power))
            db.execute("INSERT OR IGNORE INTO solark_telemetry (timestamp, batt_voltage, batt_voltage_min, batt_voltage_max, batt_power, pv_power, load_power, "
                       "grid_power) VALUES (?, ?, ?, ?, ?, ?, ?, 0)", (t, v, v - 2, v + 2, power, pv, load))
    db.close()


inputs = {"voltage": {"used": 52.31, "quality": "good", "age_s": 0.4, "sources": {"victron.battery": {"v": 52.31, "age_s": 0.4},
                                                                                "sol_ark": {"v": 52.28, "age_s": 3.1}}},
          "stage": "optimal", "pv_w": {"value": 8450, "used": 8450, "age_s": 3.1}, "load_w": {"value": 1850, "used": 1850, "age_s": 3.1}}
gates = [{"gate": "voltage", "passes": False, "waived": False, "hold": False, "have": 52.31, "need": 54.5, "unit": "V", "remaining_s": None},
         {"gate": "sun", "passes": True, "waived": False, "hold": False, "have": 8450, "need": 8000, "unit": "W", "remaining_s": None}]


def decide(db, t, load, before, after, reason, text):
    db.execute('INSERT INTO decisions (at, load, "from", "to", reason, text, inputs, gates) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
               (t * 1000, load, before, after, reason, text, json.dumps(inputs), json.dumps(gates)))


def run(db, load, begin, end, start_reason, stop_reason, energy_wh):
    db.execute("INSERT OR IGNORE INTO load_runs (load, started_at, stopped_at, start_reason, stop_reason, energy_wh) VALUES (?, ?, ?, ?, ?, ?)",
               (load, begin * 1000, end * 1000, start_reason, stop_reason, energy_wh))


def day_of_loads(db, midnight, number, now):
    def at(hour):
        return int(midnight + hour * 3600)

    primary, dump = "primary-s21-revenue", "dump-load-s19-1"
    if at(22.0) < now:
        run(db, primary, at(9.5), at(22.0), "running", "voltage", 48475)
        decide(db, at(9.5), primary, "off", "on", "running", "Primary S21+ (Revenue) on: 51.20 V is above its start voltage of 50.00 V")
        decide(db, at(22.0), primary, "on", "off", "voltage", "Primary S21+ (Revenue) off: 46.98 V is 0.02 V below its stop voltage of 47.00 V")
    for begin, end, reason in ((11.2, 12.6, "sun"), (12.9, 15.1, "excess" if number % 3 else "emergency")):
        if at(end) >= now:
            continue
        run(db, dump, at(begin), at(end), "running", reason, int((end - begin) * 3250))
        decide(db, at(begin), dump, "off", "on", "running", "Dump Load S19 #1 on: 54.62 V is above its start voltage of 54.50 V")
        decide(db, at(end), dump, "on", "off", reason, "Dump Load S19 #1 off: 7,420 W of sun are 580 W below the 8,000 W it needs")
    levels = ((8.0, "off", "3"), (11.0, "3", "7"), (13.5, "7", "10"), (16.0, "10", "4"), (20.0, "4", "off"))
    for hour, before, after in levels:
        if at(hour) < now:
            decide(db, at(hour), "heat-room/fan", before, after, "too_hot" if after != "off" else "idle",
                   f"Heat Room fan {'off' if after == 'off' else 'at ' + after}: 36.5 °C")


def fill(path, now, days, offset_s):
    """`now`: seconds since 1970. `offset_s`: offset of the site's zone from UTC."""
    db = sqlite3.connect(path, timeout=20)
    with db:
        telemetry(db, now, days, offset_s)
        first = (now + offset_s) // 86400 - days
        for number in range(days + 1):
            day_of_loads(db, (first + number) * 86400 - offset_s, first + number, now)
    db.close()


def short_holds(path):
    """Lets loads start and stop within seconds, with a reserve instead of the night's budget."""
    db = sqlite3.connect(path, timeout=20)
    with db:
        db.execute("UPDATE miner_profiles SET min_on_s = 5, min_off_s = 3, max_starts_per_hour = 60")
        db.execute("UPDATE user_preferences SET reserve_voltage = 48.5, bridge_wh = 0")
    db.close()


def many(path, loads, rooms):
    """Adds miners and zones without outputs, up to this number."""
    db = sqlite3.connect(path, timeout=20)
    with db:
        owner, = db.execute("SELECT id FROM users").fetchone()
        for i in range(loads - db.execute("SELECT count(*) FROM miner_profiles").fetchone()[0]):
            db.execute("INSERT INTO miner_profiles (id, user_id, name, slug, power_draw_w, start_voltage, stop_voltage, emergency_stop_voltage) "
                       "VALUES (?, ?, ?, ?, 1500, 53, 51, 47)", (f"e0000000-0000-0000-0000-{i:012d}", owner, f"Miner {i}", f"miner-{i}"))
        for i in range(rooms - db.execute("SELECT count(*) FROM hvac_zones").fetchone()[0]):
            db.execute("INSERT INTO hvac_zones (id, user_id, zone_name, slug) VALUES (?, ?, ?, ?)",
                       (f"f0000000-0000-0000-0000-{i:012d}", owner, f"Room {i}", f"room-{i}"))
    db.close()
