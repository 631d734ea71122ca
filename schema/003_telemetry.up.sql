-- What was measured. Flash is precious, so rows are integers of the smallest step with the time as their key:
-- seconds since 1970 UTC, 10 mV, 10 mA, 1 W, 0.1 degrees Celsius, 0.01 %. The views v_<table> (005) show V, A, W, C, %.
-- Battery current and power are positive while charging, grid power while buying. NULL: the device gave no value.
-- A raw row is 10 s: means, with the least and the greatest voltage. Minutes are kept 400 days, hours for ever.

-- A row of a GX unit has id = taken_at * 256 + source: rows are appended in order of time, which is what costs least.
-- `WHERE id >= T * 256` finds rows from T on by the key. The Sol-Ark is alone in its tables: its key is the time.

CREATE TABLE sources (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND 255),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64)
) STRICT;
INSERT INTO sources (id, name) VALUES (0, 'sol_ark'), (1, 'victron.system');

-- Raw rows of every GX unit, kept 72 h.
CREATE TABLE victron_battery_readings (
    id INTEGER PRIMARY KEY,
    taken_at INTEGER AS (id / 256),
    source INTEGER AS (id % 256),
    voltage INTEGER,
    voltage_min INTEGER,
    voltage_max INTEGER,
    current INTEGER,
    power INTEGER,
    soc INTEGER,
    temperature INTEGER,
    state INTEGER,
    pv_power INTEGER,
    load_power INTEGER,
    grid_power INTEGER
) STRICT;

-- Means of a minute, kept 400 days.
CREATE TABLE victron_battery_minutes (
    id INTEGER PRIMARY KEY,
    taken_at INTEGER AS (id / 256),
    source INTEGER AS (id % 256),
    voltage INTEGER,
    voltage_min INTEGER,
    voltage_max INTEGER,
    current INTEGER,
    power INTEGER,
    soc INTEGER,
    temperature INTEGER,
    state INTEGER,
    pv_power INTEGER,
    load_power INTEGER,
    grid_power INTEGER
) STRICT;

-- Means of an hour, kept.
CREATE TABLE victron_battery_hours (
    id INTEGER PRIMARY KEY,
    taken_at INTEGER AS (id / 256),
    source INTEGER AS (id % 256),
    voltage INTEGER,
    voltage_min INTEGER,
    voltage_max INTEGER,
    current INTEGER,
    power INTEGER,
    soc INTEGER,
    temperature INTEGER,
    state INTEGER,
    pv_power INTEGER,
    load_power INTEGER,
    grid_power INTEGER
) STRICT;

-- Raw rows of the Sol-Ark, kept 72 h.
CREATE TABLE solark_telemetry (
    timestamp INTEGER PRIMARY KEY,
    plant_id INTEGER AS (0),
    soc INTEGER,
    batt_power INTEGER,
    batt_voltage INTEGER,
    batt_voltage_min INTEGER,
    batt_voltage_max INTEGER,
    batt_current INTEGER,
    pv_power INTEGER,
    pv_voltage INTEGER,
    pv_current INTEGER,
    load_power INTEGER,
    grid_power INTEGER,
    -- Worked out when read, nothing is stored: what PV sells and the load buys in W, and three flags.
    pv_to_grid INTEGER AS (min(max(-grid_power, 0), max(pv_power, 0))),
    grid_to_load INTEGER AS (min(max(grid_power, 0), max(load_power, 0))),
    pv_to_load INTEGER AS (pv_power > 0 AND load_power > 0),
    pv_to_bat INTEGER AS (pv_power > 0 AND batt_power > 0),
    bat_to_load INTEGER AS (batt_power < 0 AND load_power > 0),
    created_at INTEGER AS (timestamp)
) STRICT;

-- Means of a minute, kept 400 days.
CREATE TABLE solark_minutes (
    timestamp INTEGER PRIMARY KEY,
    plant_id INTEGER AS (0),
    soc INTEGER,
    batt_power INTEGER,
    batt_voltage INTEGER,
    batt_voltage_min INTEGER,
    batt_voltage_max INTEGER,
    batt_current INTEGER,
    pv_power INTEGER,
    pv_voltage INTEGER,
    pv_current INTEGER,
    load_power INTEGER,
    grid_power INTEGER,
    -- Worked out when read, nothing is stored: what PV sells and the load buys in W, and three flags.
    pv_to_grid INTEGER AS (min(max(-grid_power, 0), max(pv_power, 0))),
    grid_to_load INTEGER AS (min(max(grid_power, 0), max(load_power, 0))),
    pv_to_load INTEGER AS (pv_power > 0 AND load_power > 0),
    pv_to_bat INTEGER AS (pv_power > 0 AND batt_power > 0),
    bat_to_load INTEGER AS (batt_power < 0 AND load_power > 0),
    created_at INTEGER AS (timestamp)
) STRICT;

-- Means of an hour, kept.
CREATE TABLE solark_hours (
    timestamp INTEGER PRIMARY KEY,
    plant_id INTEGER AS (0),
    soc INTEGER,
    batt_power INTEGER,
    batt_voltage INTEGER,
    batt_voltage_min INTEGER,
    batt_voltage_max INTEGER,
    batt_current INTEGER,
    pv_power INTEGER,
    pv_voltage INTEGER,
    pv_current INTEGER,
    load_power INTEGER,
    grid_power INTEGER,
    -- Worked out when read, nothing is stored: what PV sells and the load buys in W, and three flags.
    pv_to_grid INTEGER AS (min(max(-grid_power, 0), max(pv_power, 0))),
    grid_to_load INTEGER AS (min(max(grid_power, 0), max(load_power, 0))),
    pv_to_load INTEGER AS (pv_power > 0 AND load_power > 0),
    pv_to_bat INTEGER AS (pv_power > 0 AND batt_power > 0),
    bat_to_load INTEGER AS (batt_power < 0 AND load_power > 0),
    created_at INTEGER AS (timestamp)
) STRICT;

-- How polling goes: a row a source. Times in ms since 1970 UTC, round trips in ms.
CREATE TABLE polling_status (
    source TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('ok', 'stale', 'absent', 'failing')),
    state_since INTEGER NOT NULL,
    last_success_at INTEGER,
    last_error_at INTEGER,
    last_error TEXT,
    successes INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    consecutive_failures INTEGER NOT NULL,
    rtt_ms INTEGER,
    rtt_mean_ms INTEGER,
    rtt_max_ms INTEGER,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
