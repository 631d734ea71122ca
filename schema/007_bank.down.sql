-- Voltages outside of 30 to 70 V do not fit the older schema: the step is then refused with the name of the column, and
-- nothing is changed. Removes the marks of dry runs, the sum and the panels of a second Sol-Ark: `voltctl db rollback`
-- makes a copy first.
DROP VIEW v_victron_battery_readings;
ALTER TABLE victron_battery_readings DROP COLUMN pv_voltage;
ALTER TABLE victron_battery_readings DROP COLUMN pv_current;
CREATE VIEW v_victron_battery_readings AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, voltage / 100.0 AS voltage,
    voltage_min / 100.0 AS voltage_min, voltage_max / 100.0 AS voltage_max, current / 100.0 AS current, power, soc /
    100.0 AS soc, temperature / 10.0 AS temperature, state, pv_power, load_power, grid_power
FROM victron_battery_readings JOIN sources AS n ON n.id = source;
DROP VIEW v_victron_battery_minutes;
ALTER TABLE victron_battery_minutes DROP COLUMN pv_voltage;
ALTER TABLE victron_battery_minutes DROP COLUMN pv_current;
CREATE VIEW v_victron_battery_minutes AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, voltage / 100.0 AS voltage,
    voltage_min / 100.0 AS voltage_min, voltage_max / 100.0 AS voltage_max, current / 100.0 AS current, power, soc /
    100.0 AS soc, temperature / 10.0 AS temperature, state, pv_power, load_power, grid_power
FROM victron_battery_minutes JOIN sources AS n ON n.id = source;
DROP VIEW v_victron_battery_hours;
ALTER TABLE victron_battery_hours DROP COLUMN pv_voltage;
ALTER TABLE victron_battery_hours DROP COLUMN pv_current;
CREATE VIEW v_victron_battery_hours AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, voltage / 100.0 AS voltage,
    voltage_min / 100.0 AS voltage_min, voltage_max / 100.0 AS voltage_max, current / 100.0 AS current, power, soc /
    100.0 AS soc, temperature / 10.0 AS temperature, state, pv_power, load_power, grid_power
FROM victron_battery_hours JOIN sources AS n ON n.id = source;
DROP VIEW recent_activity;
DROP VIEW v_decisions;
ALTER TABLE decisions DROP COLUMN shadow;
CREATE VIEW v_decisions AS
SELECT id,
    strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, load, "from", "to", reason, text, inputs, gates
FROM decisions;
CREATE VIEW recent_activity AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ms / 1000, 'unixepoch') AS at, what, subject, text
FROM (
    SELECT * FROM (SELECT at AS ms, 'decision' AS what, load AS subject,
        "from" || ' -> ' || "to" || ' (' || reason || '): ' || text AS text FROM decisions ORDER BY id DESC LIMIT 200)
    UNION ALL
    SELECT * FROM (SELECT at, kind, subject, level || ': ' || message FROM events ORDER BY id DESC LIMIT 200)
    UNION ALL
    SELECT * FROM (SELECT at, 'command', output, "order" || ' (' || reason || '), '
        || CASE confirmed WHEN 1 THEN 'confirmed' || coalesce(' after ' || latency_ms || ' ms', '')
            ELSE 'not confirmed, tries: ' || tries END
        FROM relay_commands ORDER BY id DESC LIMIT 200)
)
ORDER BY ms DESC LIMIT 200;

DROP TRIGGER trg_users_delete;
DROP TABLE settings_sum;
DROP TRIGGER trg_settings_history_revision;
ALTER TABLE settings_history DROP COLUMN change;
ALTER TABLE settings_revision DROP COLUMN change;
CREATE TRIGGER trg_settings_history_revision AFTER INSERT ON settings_history
BEGIN
    UPDATE settings_revision SET revision = revision + 1;
END;

CREATE TABLE bank_rows AS SELECT * FROM user_preferences;
DROP TABLE user_preferences;
CREATE TABLE user_preferences (
    id TEXT NOT NULL PRIMARY KEY
        CONSTRAINT "id: a UUID in lower case" CHECK (length(id) = 36
            AND id GLOB '????????-????-????-????-????????????' AND replace(id, '-', '') NOT GLOB '*[^0-9a-f]*'
            AND length(replace(id, '-', '')) = 32),
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    voltage_at_0_percent REAL NOT NULL DEFAULT 45.0
        CONSTRAINT "voltage_at_0_percent: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_at_0_percent BETWEEN 30 AND 70
            AND voltage_at_0_percent = round(voltage_at_0_percent * 100) / 100.0),
    voltage_at_100_percent REAL NOT NULL DEFAULT 56.0
        CONSTRAINT "voltage_at_100_percent: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_at_100_percent BETWEEN 30 AND 70
            AND voltage_at_100_percent = round(voltage_at_100_percent * 100) / 100.0),
    voltage_curve TEXT NOT NULL  -- what must hold in it: triggers below
        DEFAULT ('[{"voltage":45.0,"soc":0},{"voltage":47.0,"soc":15},{"voltage":50.0,"soc":40}'
            || ',{"voltage":51.5,"soc":60},{"voltage":54.5,"soc":80},{"voltage":56.0,"soc":100}]'),
    voltage_shutdown REAL NOT NULL DEFAULT 44.0
        CONSTRAINT "voltage_shutdown: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_shutdown BETWEEN 30 AND 70 AND voltage_shutdown = round(voltage_shutdown * 100) / 100.0),
    voltage_critical_low REAL NOT NULL DEFAULT 45.0
        CONSTRAINT "voltage_critical_low: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_critical_low BETWEEN 30 AND 70
            AND voltage_critical_low = round(voltage_critical_low * 100) / 100.0),
    voltage_low REAL NOT NULL DEFAULT 47.0
        CONSTRAINT "voltage_low: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_low BETWEEN 30 AND 70 AND voltage_low = round(voltage_low * 100) / 100.0),
    voltage_restart REAL NOT NULL DEFAULT 50.0
        CONSTRAINT "voltage_restart: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_restart BETWEEN 30 AND 70 AND voltage_restart = round(voltage_restart * 100) / 100.0),
    voltage_optimal_min REAL NOT NULL DEFAULT 50.0
        CONSTRAINT "voltage_optimal_min: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_optimal_min BETWEEN 30 AND 70
            AND voltage_optimal_min = round(voltage_optimal_min * 100) / 100.0),
    voltage_optimal_max REAL NOT NULL DEFAULT 54.5
        CONSTRAINT "voltage_optimal_max: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_optimal_max BETWEEN 30 AND 70
            AND voltage_optimal_max = round(voltage_optimal_max * 100) / 100.0),
    voltage_float REAL NOT NULL DEFAULT 55.0
        CONSTRAINT "voltage_float: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_float BETWEEN 30 AND 70 AND voltage_float = round(voltage_float * 100) / 100.0),
    voltage_absorption REAL NOT NULL DEFAULT 57.6
        CONSTRAINT "voltage_absorption: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_absorption BETWEEN 30 AND 70 AND voltage_absorption = round(voltage_absorption * 100) / 100.0),
    voltage_full REAL NOT NULL DEFAULT 58.0
        CONSTRAINT "voltage_full: 30.00..70.00 in steps of 0.01"
        CHECK (voltage_full BETWEEN 30 AND 70 AND voltage_full = round(voltage_full * 100) / 100.0),
    battery_absolute_max REAL NOT NULL DEFAULT 60.0
        CONSTRAINT "battery_absolute_max: 30.00..70.00 in steps of 0.01"
        CHECK (battery_absolute_max BETWEEN 30 AND 70
            AND battery_absolute_max = round(battery_absolute_max * 100) / 100.0),
    max_battery_discharge_w INTEGER NOT NULL DEFAULT 5000
        CONSTRAINT "max_battery_discharge_w: 0..100000" CHECK (max_battery_discharge_w BETWEEN 0 AND 100000),
    inverter_max_w INTEGER NOT NULL DEFAULT 12000
        CONSTRAINT "inverter_max_w: 500..200000" CHECK (inverter_max_w BETWEEN 500 AND 200000),
    internal_resistance_mohm INTEGER NOT NULL DEFAULT 10
        CONSTRAINT "internal_resistance_mohm: 0..200" CHECK (internal_resistance_mohm BETWEEN 0 AND 200),
    reserve_voltage REAL
        CONSTRAINT "reserve_voltage: 30.00..70.00 in steps of 0.01"
        CHECK (reserve_voltage BETWEEN 30 AND 70 AND reserve_voltage = round(reserve_voltage * 100) / 100.0),
    display_mode TEXT NOT NULL DEFAULT 'voltage'
        CONSTRAINT "display_mode: voltage, soc" CHECK (display_mode IN ('voltage', 'soc')),
    temperature_unit TEXT NOT NULL DEFAULT 'C'
        CONSTRAINT "temperature_unit: C, F" CHECK (temperature_unit IN ('C', 'F')),
    timezone TEXT NOT NULL DEFAULT 'America/Los_Angeles'
        CONSTRAINT "timezone: 1 to 64 characters" CHECK (length(timezone) BETWEEN 1 AND 64),
    latitude REAL NOT NULL DEFAULT 37.3382
        CONSTRAINT "latitude: -90..90" CHECK (latitude BETWEEN -90 AND 90),
    longitude REAL NOT NULL DEFAULT -121.8863
        CONSTRAINT "longitude: -180..180" CHECK (longitude BETWEEN -180 AND 180),
    operating_mode TEXT NOT NULL DEFAULT 'balanced'
        CONSTRAINT "operating_mode: aggressive, balanced, conservative, off"
        CHECK (operating_mode IN ('aggressive', 'balanced', 'conservative', 'off')),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT "voltage_shutdown: < voltage_critical_low" CHECK (voltage_shutdown < voltage_critical_low),
    CONSTRAINT "voltage_critical_low: <= voltage_low" CHECK (voltage_critical_low <= voltage_low),
    CONSTRAINT "voltage_low: < voltage_restart" CHECK (voltage_low < voltage_restart),
    CONSTRAINT "voltage_restart: <= voltage_optimal_min" CHECK (voltage_restart <= voltage_optimal_min),
    CONSTRAINT "voltage_optimal_min: < voltage_optimal_max" CHECK (voltage_optimal_min < voltage_optimal_max),
    CONSTRAINT "voltage_optimal_max: <= voltage_float" CHECK (voltage_optimal_max <= voltage_float),
    CONSTRAINT "voltage_float: < voltage_absorption" CHECK (voltage_float < voltage_absorption),
    CONSTRAINT "voltage_absorption: <= voltage_full" CHECK (voltage_absorption <= voltage_full),
    CONSTRAINT "voltage_full: <= battery_absolute_max" CHECK (voltage_full <= battery_absolute_max)
) STRICT;
INSERT INTO user_preferences (
    id, user_id, voltage_at_0_percent, voltage_at_100_percent, voltage_curve, voltage_shutdown, voltage_critical_low,
    voltage_low, voltage_restart, voltage_optimal_min, voltage_optimal_max, voltage_float, voltage_absorption,
    voltage_full, battery_absolute_max, max_battery_discharge_w, inverter_max_w, internal_resistance_mohm,
    reserve_voltage, display_mode, temperature_unit, timezone, latitude, longitude, operating_mode, created_at,
    updated_at)
SELECT
    id, user_id, voltage_at_0_percent, voltage_at_100_percent, voltage_curve, voltage_shutdown, voltage_critical_low,
    voltage_low, voltage_restart, voltage_optimal_min, voltage_optimal_max, voltage_float, voltage_absorption,
    voltage_full, battery_absolute_max, max_battery_discharge_w, inverter_max_w, internal_resistance_mohm,
    reserve_voltage, display_mode, temperature_unit, timezone, latitude, longitude, operating_mode, created_at,
    updated_at
FROM bank_rows;
DROP TABLE bank_rows;
CREATE INDEX idx_user_preferences_user ON user_preferences (user_id);
CREATE TRIGGER trg_user_preferences_updated_at AFTER UPDATE ON user_preferences WHEN new.updated_at IS old.updated_at
BEGIN
    UPDATE user_preferences SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = new.id;
END;
CREATE TRIGGER trg_user_preferences_curve_insert BEFORE INSERT ON user_preferences
BEGIN
    SELECT RAISE(ABORT, 'voltage_curve: a JSON list of 2 to 32 points {"voltage":V,"soc":percent}')
    WHERE NOT json_valid(new.voltage_curve) OR json_type(new.voltage_curve) <> 'array'
        OR json_array_length(new.voltage_curve) NOT BETWEEN 2 AND 32;
    SELECT RAISE(ABORT, 'voltage_curve: in each point the numbers voltage (30..70) and soc (0..100) in steps of 0.01')
    FROM json_each(new.voltage_curve)
    WHERE type <> 'object'
        OR coalesce(json_type(value, '$.voltage'), '') NOT IN ('integer', 'real')
        OR coalesce(json_type(value, '$.soc'), '') NOT IN ('integer', 'real')
        OR json_extract(value, '$.voltage') NOT BETWEEN 30 AND 70 OR json_extract(value, '$.soc') NOT BETWEEN 0 AND 100
        OR json_extract(value, '$.voltage') <> round(json_extract(value, '$.voltage') * 100) / 100.0
        OR json_extract(value, '$.soc') <> round(json_extract(value, '$.soc') * 100) / 100.0;
    SELECT RAISE(ABORT, 'voltage_curve: voltage and soc rise strictly from point to point')
    FROM json_each(new.voltage_curve) AS low JOIN json_each(new.voltage_curve) AS high ON high.key = low.key + 1
    WHERE json_extract(high.value, '$.voltage') <= json_extract(low.value, '$.voltage')
        OR json_extract(high.value, '$.soc') <= json_extract(low.value, '$.soc');
    SELECT RAISE(ABORT, 'voltage_curve: from voltage_at_0_percent at 0 to voltage_at_100_percent at 100')
    WHERE json_extract(new.voltage_curve, '$[0].voltage') <> new.voltage_at_0_percent
        OR json_extract(new.voltage_curve, '$[0].soc') <> 0
        OR json_extract(new.voltage_curve, '$[#-1].voltage') <> new.voltage_at_100_percent
        OR json_extract(new.voltage_curve, '$[#-1].soc') <> 100;
END;
CREATE TRIGGER trg_user_preferences_curve_update
BEFORE UPDATE OF voltage_curve, voltage_at_0_percent, voltage_at_100_percent ON user_preferences
BEGIN
    SELECT RAISE(ABORT, 'voltage_curve: a JSON list of 2 to 32 points {"voltage":V,"soc":percent}')
    WHERE NOT json_valid(new.voltage_curve) OR json_type(new.voltage_curve) <> 'array'
        OR json_array_length(new.voltage_curve) NOT BETWEEN 2 AND 32;
    SELECT RAISE(ABORT, 'voltage_curve: in each point the numbers voltage (30..70) and soc (0..100) in steps of 0.01')
    FROM json_each(new.voltage_curve)
    WHERE type <> 'object'
        OR coalesce(json_type(value, '$.voltage'), '') NOT IN ('integer', 'real')
        OR coalesce(json_type(value, '$.soc'), '') NOT IN ('integer', 'real')
        OR json_extract(value, '$.voltage') NOT BETWEEN 30 AND 70 OR json_extract(value, '$.soc') NOT BETWEEN 0 AND 100
        OR json_extract(value, '$.voltage') <> round(json_extract(value, '$.voltage') * 100) / 100.0
        OR json_extract(value, '$.soc') <> round(json_extract(value, '$.soc') * 100) / 100.0;
    SELECT RAISE(ABORT, 'voltage_curve: voltage and soc rise strictly from point to point')
    FROM json_each(new.voltage_curve) AS low JOIN json_each(new.voltage_curve) AS high ON high.key = low.key + 1
    WHERE json_extract(high.value, '$.voltage') <= json_extract(low.value, '$.voltage')
        OR json_extract(high.value, '$.soc') <= json_extract(low.value, '$.soc');
    SELECT RAISE(ABORT, 'voltage_curve: from voltage_at_0_percent at 0 to voltage_at_100_percent at 100')
    WHERE json_extract(new.voltage_curve, '$[0].voltage') <> new.voltage_at_0_percent
        OR json_extract(new.voltage_curve, '$[0].soc') <> 0
        OR json_extract(new.voltage_curve, '$[#-1].voltage') <> new.voltage_at_100_percent
        OR json_extract(new.voltage_curve, '$[#-1].soc') <> 100;
END;
CREATE TRIGGER trg_user_preferences_history_insert AFTER INSERT ON user_preferences
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'user_preferences', new.id, before, after
    FROM (SELECT
        NULL AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'voltage_at_0_percent', new.voltage_at_0_percent,
            'voltage_at_100_percent', new.voltage_at_100_percent, 'voltage_curve',
            new.voltage_curve, 'voltage_shutdown', new.voltage_shutdown, 'voltage_critical_low',
            new.voltage_critical_low, 'voltage_low', new.voltage_low, 'voltage_restart',
            new.voltage_restart, 'voltage_optimal_min', new.voltage_optimal_min,
            'voltage_optimal_max', new.voltage_optimal_max, 'voltage_float', new.voltage_float,
            'voltage_absorption', new.voltage_absorption, 'voltage_full', new.voltage_full,
            'battery_absolute_max', new.battery_absolute_max, 'max_battery_discharge_w',
            new.max_battery_discharge_w, 'inverter_max_w', new.inverter_max_w,
            'internal_resistance_mohm', new.internal_resistance_mohm, 'reserve_voltage',
            new.reserve_voltage, 'display_mode', new.display_mode, 'temperature_unit',
            new.temperature_unit, 'timezone', new.timezone, 'latitude', new.latitude, 'longitude',
            new.longitude, 'operating_mode', new.operating_mode, 'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_user_preferences_history_update AFTER UPDATE ON user_preferences
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'user_preferences', new.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'voltage_at_0_percent', old.voltage_at_0_percent,
            'voltage_at_100_percent', old.voltage_at_100_percent, 'voltage_curve',
            old.voltage_curve, 'voltage_shutdown', old.voltage_shutdown, 'voltage_critical_low',
            old.voltage_critical_low, 'voltage_low', old.voltage_low, 'voltage_restart',
            old.voltage_restart, 'voltage_optimal_min', old.voltage_optimal_min,
            'voltage_optimal_max', old.voltage_optimal_max, 'voltage_float', old.voltage_float,
            'voltage_absorption', old.voltage_absorption, 'voltage_full', old.voltage_full,
            'battery_absolute_max', old.battery_absolute_max, 'max_battery_discharge_w',
            old.max_battery_discharge_w, 'inverter_max_w', old.inverter_max_w,
            'internal_resistance_mohm', old.internal_resistance_mohm, 'reserve_voltage',
            old.reserve_voltage, 'display_mode', old.display_mode, 'temperature_unit',
            old.temperature_unit, 'timezone', old.timezone, 'latitude', old.latitude, 'longitude',
            old.longitude, 'operating_mode', old.operating_mode, 'created_at', old.created_at) AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'voltage_at_0_percent', new.voltage_at_0_percent,
            'voltage_at_100_percent', new.voltage_at_100_percent, 'voltage_curve',
            new.voltage_curve, 'voltage_shutdown', new.voltage_shutdown, 'voltage_critical_low',
            new.voltage_critical_low, 'voltage_low', new.voltage_low, 'voltage_restart',
            new.voltage_restart, 'voltage_optimal_min', new.voltage_optimal_min,
            'voltage_optimal_max', new.voltage_optimal_max, 'voltage_float', new.voltage_float,
            'voltage_absorption', new.voltage_absorption, 'voltage_full', new.voltage_full,
            'battery_absolute_max', new.battery_absolute_max, 'max_battery_discharge_w',
            new.max_battery_discharge_w, 'inverter_max_w', new.inverter_max_w,
            'internal_resistance_mohm', new.internal_resistance_mohm, 'reserve_voltage',
            new.reserve_voltage, 'display_mode', new.display_mode, 'temperature_unit',
            new.temperature_unit, 'timezone', new.timezone, 'latitude', new.latitude, 'longitude',
            new.longitude, 'operating_mode', new.operating_mode, 'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_user_preferences_history_delete AFTER DELETE ON user_preferences
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'user_preferences', old.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'voltage_at_0_percent', old.voltage_at_0_percent,
            'voltage_at_100_percent', old.voltage_at_100_percent, 'voltage_curve',
            old.voltage_curve, 'voltage_shutdown', old.voltage_shutdown, 'voltage_critical_low',
            old.voltage_critical_low, 'voltage_low', old.voltage_low, 'voltage_restart',
            old.voltage_restart, 'voltage_optimal_min', old.voltage_optimal_min,
            'voltage_optimal_max', old.voltage_optimal_max, 'voltage_float', old.voltage_float,
            'voltage_absorption', old.voltage_absorption, 'voltage_full', old.voltage_full,
            'battery_absolute_max', old.battery_absolute_max, 'max_battery_discharge_w',
            old.max_battery_discharge_w, 'inverter_max_w', old.inverter_max_w,
            'internal_resistance_mohm', old.internal_resistance_mohm, 'reserve_voltage',
            old.reserve_voltage, 'display_mode', old.display_mode, 'temperature_unit',
            old.temperature_unit, 'timezone', old.timezone, 'latitude', old.latitude, 'longitude',
            old.longitude, 'operating_mode', old.operating_mode, 'created_at', old.created_at) AS before,
        NULL AS after)
    WHERE before IS NOT after;
END;

CREATE TABLE bank_rows AS SELECT * FROM miner_profiles;
DROP TABLE miner_profiles;
CREATE TABLE miner_profiles (
    id TEXT NOT NULL PRIMARY KEY
        CONSTRAINT "id: a UUID in lower case" CHECK (length(id) = 36
            AND id GLOB '????????-????-????-????-????????????' AND replace(id, '-', '') NOT GLOB '*[^0-9a-f]*'
            AND length(replace(id, '-', '')) = 32),
    user_id TEXT NOT NULL REFERENCES users (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    name TEXT NOT NULL
        CONSTRAINT "name: 1 to 64 characters" CHECK (length(name) BETWEEN 1 AND 64),
    slug TEXT NOT NULL UNIQUE
        CONSTRAINT "slug: a-z, 0-9 and single - between" CHECK (length(slug) BETWEEN 1 AND 64
            AND slug NOT GLOB '*[^a-z0-9-]*' AND slug NOT GLOB '-*' AND slug NOT GLOB '*-' AND slug NOT GLOB '*--*'),
    model TEXT NOT NULL DEFAULT ''
        CONSTRAINT "model: 0 to 64 characters" CHECK (length(model) BETWEEN 0 AND 64),
    hashrate_ths REAL
        CONSTRAINT "hashrate_ths: 0..100000" CHECK (hashrate_ths BETWEEN 0 AND 100000),
    power_draw_w INTEGER NOT NULL
        CONSTRAINT "power_draw_w: 1..20000" CHECK (power_draw_w BETWEEN 1 AND 20000),
    priority_level INTEGER NOT NULL DEFAULT 1
        CONSTRAINT "priority_level: 1..10" CHECK (priority_level BETWEEN 1 AND 10),
    start_voltage REAL NOT NULL
        CONSTRAINT "start_voltage: 30.00..70.00 in steps of 0.01"
        CHECK (start_voltage BETWEEN 30 AND 70 AND start_voltage = round(start_voltage * 100) / 100.0),
    stop_voltage REAL NOT NULL
        CONSTRAINT "stop_voltage: 30.00..70.00 in steps of 0.01"
        CHECK (stop_voltage BETWEEN 30 AND 70 AND stop_voltage = round(stop_voltage * 100) / 100.0),
    emergency_stop_voltage REAL NOT NULL
        CONSTRAINT "emergency_stop_voltage: 30.00..70.00 in steps of 0.01"
        CHECK (emergency_stop_voltage BETWEEN 30 AND 70
            AND emergency_stop_voltage = round(emergency_stop_voltage * 100) / 100.0),
    require_excess_solar INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "require_excess_solar: 0 or 1" CHECK (require_excess_solar IN (0, 1)),
    minimum_excess_w INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "minimum_excess_w: 0..200000" CHECK (minimum_excess_w BETWEEN 0 AND 200000),
    minimum_solar_w INTEGER  -- NULL: not asked
        CONSTRAINT "minimum_solar_w: 0..200000" CHECK (minimum_solar_w BETWEEN 0 AND 200000),
    require_sunny INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "require_sunny: 0 or 1" CHECK (require_sunny IN (0, 1)),
    preferred_start TEXT NOT NULL DEFAULT '00:00'
        CONSTRAINT "preferred_start: HH:MM, 00:00..23:59"
        CHECK (preferred_start GLOB '[0-2][0-9]:[0-5][0-9]' AND preferred_start < '24:00'),
    preferred_end TEXT NOT NULL DEFAULT '00:00'
        CONSTRAINT "preferred_end: HH:MM, 00:00..23:59"
        CHECK (preferred_end GLOB '[0-2][0-9]:[0-5][0-9]' AND preferred_end < '24:00'),
    allow_outside_schedule INTEGER NOT NULL DEFAULT 1
        CONSTRAINT "allow_outside_schedule: 0 or 1" CHECK (allow_outside_schedule IN (0, 1)),
    min_on_s INTEGER NOT NULL DEFAULT 600
        CONSTRAINT "min_on_s: 0..86400" CHECK (min_on_s BETWEEN 0 AND 86400),
    min_off_s INTEGER NOT NULL DEFAULT 300
        CONSTRAINT "min_off_s: 0..86400" CHECK (min_off_s BETWEEN 0 AND 86400),
    max_starts_per_hour INTEGER NOT NULL DEFAULT 3
        CONSTRAINT "max_starts_per_hour: 1..60" CHECK (max_starts_per_hour BETWEEN 1 AND 60),
    max_runtime_h_day REAL
        CONSTRAINT "max_runtime_h_day: 0.001..24.000 in steps of 0.001"
        CHECK (max_runtime_h_day BETWEEN 0.001 AND 24 AND max_runtime_h_day = round(max_runtime_h_day * 1000) / 1000.0),
    max_continuous_h REAL
        CONSTRAINT "max_continuous_h: 0.001..24.000 in steps of 0.001"
        CHECK (max_continuous_h BETWEEN 0.001 AND 24 AND max_continuous_h = round(max_continuous_h * 1000) / 1000.0),
    operating_mode TEXT NOT NULL DEFAULT 'balanced'
        CONSTRAINT "operating_mode: aggressive, balanced, opportunistic"
        CHECK (operating_mode IN ('aggressive', 'balanced', 'opportunistic')),
    control_method TEXT NOT NULL DEFAULT 'relay'
        CONSTRAINT "control_method: relay" CHECK (control_method IN ('relay')),
    device_id TEXT  -- an output of voltd.yaml
        CONSTRAINT "device_id: 1 to 64 characters" CHECK (length(device_id) BETWEEN 1 AND 64),
    hvac_zone_id TEXT REFERENCES hvac_zones (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    enabled INTEGER NOT NULL DEFAULT 1
        CONSTRAINT "enabled: 0 or 1" CHECK (enabled IN (0, 1)),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT "emergency_stop_voltage: < stop_voltage" CHECK (emergency_stop_voltage < stop_voltage),
    CONSTRAINT "stop_voltage: < start_voltage" CHECK (stop_voltage < start_voltage)
) STRICT;
INSERT INTO miner_profiles (
    id, user_id, name, slug, model, hashrate_ths, power_draw_w, priority_level, start_voltage, stop_voltage,
    emergency_stop_voltage, require_excess_solar, minimum_excess_w, minimum_solar_w, require_sunny, preferred_start,
    preferred_end, allow_outside_schedule, min_on_s, min_off_s, max_starts_per_hour, max_runtime_h_day,
    max_continuous_h, operating_mode, control_method, device_id, hvac_zone_id, enabled, created_at, updated_at)
SELECT
    id, user_id, name, slug, model, hashrate_ths, power_draw_w, priority_level, start_voltage, stop_voltage,
    emergency_stop_voltage, require_excess_solar, minimum_excess_w, minimum_solar_w, require_sunny, preferred_start,
    preferred_end, allow_outside_schedule, min_on_s, min_off_s, max_starts_per_hour, max_runtime_h_day,
    max_continuous_h, operating_mode, control_method, device_id, hvac_zone_id, enabled, created_at, updated_at
FROM bank_rows;
DROP TABLE bank_rows;
CREATE INDEX idx_miner_profiles_user ON miner_profiles (user_id);
CREATE INDEX idx_miner_profiles_priority ON miner_profiles (user_id, priority_level);
CREATE UNIQUE INDEX idx_miner_profiles_device ON miner_profiles (device_id) WHERE enabled = 1;
CREATE TRIGGER trg_miner_profiles_updated_at AFTER UPDATE ON miner_profiles WHEN new.updated_at IS old.updated_at
BEGIN
    UPDATE miner_profiles SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = new.id;
END;
CREATE TRIGGER trg_miner_profiles_history_insert AFTER INSERT ON miner_profiles
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'miner_profiles', new.id, before, after
    FROM (SELECT
        NULL AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'name', new.name, 'slug', new.slug, 'model', new.model,
            'hashrate_ths', new.hashrate_ths, 'power_draw_w', new.power_draw_w, 'priority_level',
            new.priority_level, 'start_voltage', new.start_voltage, 'stop_voltage',
            new.stop_voltage, 'emergency_stop_voltage', new.emergency_stop_voltage,
            'require_excess_solar', new.require_excess_solar, 'minimum_excess_w',
            new.minimum_excess_w, 'minimum_solar_w', new.minimum_solar_w, 'require_sunny',
            new.require_sunny, 'preferred_start', new.preferred_start, 'preferred_end',
            new.preferred_end, 'allow_outside_schedule', new.allow_outside_schedule, 'min_on_s',
            new.min_on_s, 'min_off_s', new.min_off_s, 'max_starts_per_hour',
            new.max_starts_per_hour, 'max_runtime_h_day', new.max_runtime_h_day, 'max_continuous_h',
            new.max_continuous_h, 'operating_mode', new.operating_mode, 'control_method',
            new.control_method, 'device_id', new.device_id, 'hvac_zone_id', new.hvac_zone_id,
            'enabled', new.enabled, 'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_miner_profiles_history_update AFTER UPDATE ON miner_profiles
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'miner_profiles', new.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'name', old.name, 'slug', old.slug, 'model', old.model,
            'hashrate_ths', old.hashrate_ths, 'power_draw_w', old.power_draw_w, 'priority_level',
            old.priority_level, 'start_voltage', old.start_voltage, 'stop_voltage',
            old.stop_voltage, 'emergency_stop_voltage', old.emergency_stop_voltage,
            'require_excess_solar', old.require_excess_solar, 'minimum_excess_w',
            old.minimum_excess_w, 'minimum_solar_w', old.minimum_solar_w, 'require_sunny',
            old.require_sunny, 'preferred_start', old.preferred_start, 'preferred_end',
            old.preferred_end, 'allow_outside_schedule', old.allow_outside_schedule, 'min_on_s',
            old.min_on_s, 'min_off_s', old.min_off_s, 'max_starts_per_hour',
            old.max_starts_per_hour, 'max_runtime_h_day', old.max_runtime_h_day, 'max_continuous_h',
            old.max_continuous_h, 'operating_mode', old.operating_mode, 'control_method',
            old.control_method, 'device_id', old.device_id, 'hvac_zone_id', old.hvac_zone_id,
            'enabled', old.enabled, 'created_at', old.created_at) AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'name', new.name, 'slug', new.slug, 'model', new.model,
            'hashrate_ths', new.hashrate_ths, 'power_draw_w', new.power_draw_w, 'priority_level',
            new.priority_level, 'start_voltage', new.start_voltage, 'stop_voltage',
            new.stop_voltage, 'emergency_stop_voltage', new.emergency_stop_voltage,
            'require_excess_solar', new.require_excess_solar, 'minimum_excess_w',
            new.minimum_excess_w, 'minimum_solar_w', new.minimum_solar_w, 'require_sunny',
            new.require_sunny, 'preferred_start', new.preferred_start, 'preferred_end',
            new.preferred_end, 'allow_outside_schedule', new.allow_outside_schedule, 'min_on_s',
            new.min_on_s, 'min_off_s', new.min_off_s, 'max_starts_per_hour',
            new.max_starts_per_hour, 'max_runtime_h_day', new.max_runtime_h_day, 'max_continuous_h',
            new.max_continuous_h, 'operating_mode', new.operating_mode, 'control_method',
            new.control_method, 'device_id', new.device_id, 'hvac_zone_id', new.hvac_zone_id,
            'enabled', new.enabled, 'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_miner_profiles_history_delete AFTER DELETE ON miner_profiles
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'miner_profiles', old.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'name', old.name, 'slug', old.slug, 'model', old.model,
            'hashrate_ths', old.hashrate_ths, 'power_draw_w', old.power_draw_w, 'priority_level',
            old.priority_level, 'start_voltage', old.start_voltage, 'stop_voltage',
            old.stop_voltage, 'emergency_stop_voltage', old.emergency_stop_voltage,
            'require_excess_solar', old.require_excess_solar, 'minimum_excess_w',
            old.minimum_excess_w, 'minimum_solar_w', old.minimum_solar_w, 'require_sunny',
            old.require_sunny, 'preferred_start', old.preferred_start, 'preferred_end',
            old.preferred_end, 'allow_outside_schedule', old.allow_outside_schedule, 'min_on_s',
            old.min_on_s, 'min_off_s', old.min_off_s, 'max_starts_per_hour',
            old.max_starts_per_hour, 'max_runtime_h_day', old.max_runtime_h_day, 'max_continuous_h',
            old.max_continuous_h, 'operating_mode', old.operating_mode, 'control_method',
            old.control_method, 'device_id', old.device_id, 'hvac_zone_id', old.hvac_zone_id,
            'enabled', old.enabled, 'created_at', old.created_at) AS before,
        NULL AS after)
    WHERE before IS NOT after;
END;
