-- What the owner sets. A rule that a row breaks is named in the error: `column: what would be right`.
-- Volts are whole steps of 0.01, degrees Celsius of 0.1, hours of 0.001; times are UTC, ISO 8601.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY
        CONSTRAINT "id: a UUID in lower case" CHECK (length(id) = 36
            AND id GLOB '????????-????-????-????-????????????' AND replace(id, '-', '') NOT GLOB '*[^0-9a-f]*'
            AND length(replace(id, '-', '')) = 32),
    email TEXT NOT NULL COLLATE NOCASE UNIQUE
        CONSTRAINT "email: name@host.domain" CHECK (length(email) <= 254 AND email LIKE '_%@_%._%'
            AND email NOT GLOB '*[ ,;<>"]*' AND email NOT GLOB '*@*@*'),
    password_hash TEXT  -- NULL: nobody can log in as this user
        CONSTRAINT "password_hash: argon2id" CHECK (password_hash LIKE '$argon2id$%'),
    role TEXT NOT NULL DEFAULT 'admin'
        CONSTRAINT "role: admin, user" CHECK (role IN ('admin', 'user')),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    last_login TEXT
) STRICT;

-- Thresholds, the battery's curve and the site's mode: one row a user.
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

-- Rooms with a fan, a heater and a sensor.
CREATE TABLE hvac_zones (
    id TEXT NOT NULL PRIMARY KEY
        CONSTRAINT "id: a UUID in lower case" CHECK (length(id) = 36
            AND id GLOB '????????-????-????-????-????????????' AND replace(id, '-', '') NOT GLOB '*[^0-9a-f]*'
            AND length(replace(id, '-', '')) = 32),
    user_id TEXT NOT NULL REFERENCES users (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    zone_name TEXT NOT NULL
        CONSTRAINT "zone_name: 1 to 64 characters" CHECK (length(zone_name) BETWEEN 1 AND 64),
    slug TEXT NOT NULL UNIQUE
        CONSTRAINT "slug: a-z, 0-9 and single - between" CHECK (length(slug) BETWEEN 1 AND 64
            AND slug NOT GLOB '*[^a-z0-9-]*' AND slug NOT GLOB '-*' AND slug NOT GLOB '*-' AND slug NOT GLOB '*--*'),
    zone_type TEXT NOT NULL DEFAULT 'equipment'
        CONSTRAINT "zone_type: 1 to 32 characters" CHECK (length(zone_type) BETWEEN 1 AND 32),
    temp_too_hot REAL NOT NULL DEFAULT 40.0
        CONSTRAINT "temp_too_hot: -60.0..100.0 in steps of 0.1"
        CHECK (temp_too_hot BETWEEN -60 AND 100 AND temp_too_hot = round(temp_too_hot * 10) / 10.0),
    temp_hot_ok REAL NOT NULL DEFAULT 35.0
        CONSTRAINT "temp_hot_ok: -60.0..100.0 in steps of 0.1"
        CHECK (temp_hot_ok BETWEEN -60 AND 100 AND temp_hot_ok = round(temp_hot_ok * 10) / 10.0),
    temp_too_cold REAL NOT NULL DEFAULT 0.0
        CONSTRAINT "temp_too_cold: -60.0..100.0 in steps of 0.1"
        CHECK (temp_too_cold BETWEEN -60 AND 100 AND temp_too_cold = round(temp_too_cold * 10) / 10.0),
    temp_cold_ok REAL NOT NULL DEFAULT 5.0
        CONSTRAINT "temp_cold_ok: -60.0..100.0 in steps of 0.1"
        CHECK (temp_cold_ok BETWEEN -60 AND 100 AND temp_cold_ok = round(temp_cold_ok * 10) / 10.0),
    exhaust_fan_enabled INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "exhaust_fan_enabled: 0 or 1" CHECK (exhaust_fan_enabled IN (0, 1)),
    exhaust_fan_device_id TEXT
        CONSTRAINT "exhaust_fan_device_id: 1 to 64 characters" CHECK (length(exhaust_fan_device_id) BETWEEN 1 AND 64),
    fan_speed_mode TEXT NOT NULL DEFAULT 'auto'
        CONSTRAINT "fan_speed_mode: auto, fixed" CHECK (fan_speed_mode IN ('auto', 'fixed')),
    fan_max_level INTEGER NOT NULL DEFAULT 10
        CONSTRAINT "fan_max_level: 1..255" CHECK (fan_max_level BETWEEN 1 AND 255),
    heating_enabled INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "heating_enabled: 0 or 1" CHECK (heating_enabled IN (0, 1)),
    heating_priority_1 TEXT NOT NULL DEFAULT 'none'
        CONSTRAINT "heating_priority_1: miner, heater, none" CHECK (heating_priority_1 IN ('miner', 'heater', 'none')),
    heating_priority_2 TEXT NOT NULL DEFAULT 'none'
        CONSTRAINT "heating_priority_2: miner, heater, none" CHECK (heating_priority_2 IN ('miner', 'heater', 'none')),
    heater_device_id TEXT
        CONSTRAINT "heater_device_id: 1 to 64 characters" CHECK (length(heater_device_id) BETWEEN 1 AND 64),
    heater_power_w INTEGER NOT NULL DEFAULT 1500
        CONSTRAINT "heater_power_w: 1..20000" CHECK (heater_power_w BETWEEN 1 AND 20000),
    minimum_solar_for_heating_w INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "minimum_solar_for_heating_w: 0..200000" CHECK (minimum_solar_for_heating_w BETWEEN 0 AND 200000),
    block_charging_enabled INTEGER NOT NULL DEFAULT 0
        CONSTRAINT "block_charging_enabled: 0 or 1" CHECK (block_charging_enabled IN (0, 1)),
    block_charging_below_c REAL NOT NULL DEFAULT 0.0
        CONSTRAINT "block_charging_below_c: -60.0..100.0 in steps of 0.1"
        CHECK (block_charging_below_c BETWEEN -60 AND 100
            AND block_charging_below_c = round(block_charging_below_c * 10) / 10.0),
    sensor_id TEXT
        CONSTRAINT "sensor_id: 1 to 64 characters" CHECK (length(sensor_id) BETWEEN 1 AND 64),
    enabled INTEGER NOT NULL DEFAULT 1
        CONSTRAINT "enabled: 0 or 1" CHECK (enabled IN (0, 1)),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    CONSTRAINT "temp_too_cold: < temp_cold_ok" CHECK (temp_too_cold < temp_cold_ok),
    CONSTRAINT "temp_cold_ok: < temp_hot_ok" CHECK (temp_cold_ok < temp_hot_ok),
    CONSTRAINT "temp_hot_ok: < temp_too_hot" CHECK (temp_hot_ok < temp_too_hot)
) STRICT;

-- Miners: what they draw and when they may run.
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

CREATE INDEX idx_users_email ON users (email);
CREATE INDEX idx_user_preferences_user ON user_preferences (user_id);
CREATE INDEX idx_miner_profiles_user ON miner_profiles (user_id);
CREATE INDEX idx_miner_profiles_priority ON miner_profiles (user_id, priority_level);
CREATE INDEX idx_hvac_zones_user ON hvac_zones (user_id);
-- Two profiles that are in force never share a relay.
CREATE UNIQUE INDEX idx_miner_profiles_device ON miner_profiles (device_id) WHERE enabled = 1;

-- A counter: who reads settings sees cheaply that they changed. `who` names the author of the running transaction.
CREATE TABLE settings_revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    who TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO settings_revision (id, revision) VALUES (1, 1);

-- Every change of preferences, miners and zones, with the row before and after: an earlier policy can be put back.
CREATE TABLE settings_history (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    who TEXT NOT NULL,
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE TRIGGER trg_settings_history_revision AFTER INSERT ON settings_history
BEGIN
    UPDATE settings_revision SET revision = revision + 1;
END;

CREATE TRIGGER trg_users_updated_at AFTER UPDATE ON users WHEN new.updated_at IS old.updated_at
BEGIN
    UPDATE users SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = new.id;
END;
CREATE TRIGGER trg_user_preferences_updated_at AFTER UPDATE ON user_preferences WHEN new.updated_at IS old.updated_at
BEGIN
    UPDATE user_preferences SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = new.id;
END;
CREATE TRIGGER trg_miner_profiles_updated_at AFTER UPDATE ON miner_profiles WHEN new.updated_at IS old.updated_at
BEGIN
    UPDATE miner_profiles SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = new.id;
END;
CREATE TRIGGER trg_hvac_zones_updated_at AFTER UPDATE ON hvac_zones WHEN new.updated_at IS old.updated_at
BEGIN
    UPDATE hvac_zones SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = new.id;
END;

-- What a CHECK cannot see into: 2 to 32 points, both columns rising strictly, the ends those of the calibration.
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

-- The history. A row that was written but not changed leaves no entry.
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
CREATE TRIGGER trg_hvac_zones_history_insert AFTER INSERT ON hvac_zones
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'hvac_zones', new.id, before, after
    FROM (SELECT
        NULL AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'zone_name', new.zone_name, 'slug', new.slug, 'zone_type',
            new.zone_type, 'temp_too_hot', new.temp_too_hot, 'temp_hot_ok', new.temp_hot_ok,
            'temp_too_cold', new.temp_too_cold, 'temp_cold_ok', new.temp_cold_ok,
            'exhaust_fan_enabled', new.exhaust_fan_enabled, 'exhaust_fan_device_id',
            new.exhaust_fan_device_id, 'fan_speed_mode', new.fan_speed_mode, 'fan_max_level',
            new.fan_max_level, 'heating_enabled', new.heating_enabled, 'heating_priority_1',
            new.heating_priority_1, 'heating_priority_2', new.heating_priority_2,
            'heater_device_id', new.heater_device_id, 'heater_power_w', new.heater_power_w,
            'minimum_solar_for_heating_w', new.minimum_solar_for_heating_w,
            'block_charging_enabled', new.block_charging_enabled, 'block_charging_below_c',
            new.block_charging_below_c, 'sensor_id', new.sensor_id, 'enabled', new.enabled,
            'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_hvac_zones_history_update AFTER UPDATE ON hvac_zones
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'hvac_zones', new.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'zone_name', old.zone_name, 'slug', old.slug, 'zone_type',
            old.zone_type, 'temp_too_hot', old.temp_too_hot, 'temp_hot_ok', old.temp_hot_ok,
            'temp_too_cold', old.temp_too_cold, 'temp_cold_ok', old.temp_cold_ok,
            'exhaust_fan_enabled', old.exhaust_fan_enabled, 'exhaust_fan_device_id',
            old.exhaust_fan_device_id, 'fan_speed_mode', old.fan_speed_mode, 'fan_max_level',
            old.fan_max_level, 'heating_enabled', old.heating_enabled, 'heating_priority_1',
            old.heating_priority_1, 'heating_priority_2', old.heating_priority_2,
            'heater_device_id', old.heater_device_id, 'heater_power_w', old.heater_power_w,
            'minimum_solar_for_heating_w', old.minimum_solar_for_heating_w,
            'block_charging_enabled', old.block_charging_enabled, 'block_charging_below_c',
            old.block_charging_below_c, 'sensor_id', old.sensor_id, 'enabled', old.enabled,
            'created_at', old.created_at) AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'zone_name', new.zone_name, 'slug', new.slug, 'zone_type',
            new.zone_type, 'temp_too_hot', new.temp_too_hot, 'temp_hot_ok', new.temp_hot_ok,
            'temp_too_cold', new.temp_too_cold, 'temp_cold_ok', new.temp_cold_ok,
            'exhaust_fan_enabled', new.exhaust_fan_enabled, 'exhaust_fan_device_id',
            new.exhaust_fan_device_id, 'fan_speed_mode', new.fan_speed_mode, 'fan_max_level',
            new.fan_max_level, 'heating_enabled', new.heating_enabled, 'heating_priority_1',
            new.heating_priority_1, 'heating_priority_2', new.heating_priority_2,
            'heater_device_id', new.heater_device_id, 'heater_power_w', new.heater_power_w,
            'minimum_solar_for_heating_w', new.minimum_solar_for_heating_w,
            'block_charging_enabled', new.block_charging_enabled, 'block_charging_below_c',
            new.block_charging_below_c, 'sensor_id', new.sensor_id, 'enabled', new.enabled,
            'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_hvac_zones_history_delete AFTER DELETE ON hvac_zones
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'hvac_zones', old.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'zone_name', old.zone_name, 'slug', old.slug, 'zone_type',
            old.zone_type, 'temp_too_hot', old.temp_too_hot, 'temp_hot_ok', old.temp_hot_ok,
            'temp_too_cold', old.temp_too_cold, 'temp_cold_ok', old.temp_cold_ok,
            'exhaust_fan_enabled', old.exhaust_fan_enabled, 'exhaust_fan_device_id',
            old.exhaust_fan_device_id, 'fan_speed_mode', old.fan_speed_mode, 'fan_max_level',
            old.fan_max_level, 'heating_enabled', old.heating_enabled, 'heating_priority_1',
            old.heating_priority_1, 'heating_priority_2', old.heating_priority_2,
            'heater_device_id', old.heater_device_id, 'heater_power_w', old.heater_power_w,
            'minimum_solar_for_heating_w', old.minimum_solar_for_heating_w,
            'block_charging_enabled', old.block_charging_enabled, 'block_charging_below_c',
            old.block_charging_below_c, 'sensor_id', old.sensor_id, 'enabled', old.enabled,
            'created_at', old.created_at) AS before,
        NULL AS after)
    WHERE before IS NOT after;
END;
