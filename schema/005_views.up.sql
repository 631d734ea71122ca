-- For reading with sqlite3: volts, amperes, watts, degrees Celsius, percent, and times as UTC text.

CREATE VIEW v_victron_battery_readings AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, voltage / 100.0 AS voltage,
    voltage_min / 100.0 AS voltage_min, voltage_max / 100.0 AS voltage_max, current / 100.0 AS current, power, soc /
    100.0 AS soc, temperature / 10.0 AS temperature, state, pv_power, load_power, grid_power
FROM victron_battery_readings JOIN sources AS n ON n.id = source;

CREATE VIEW v_victron_battery_minutes AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, voltage / 100.0 AS voltage,
    voltage_min / 100.0 AS voltage_min, voltage_max / 100.0 AS voltage_max, current / 100.0 AS current, power, soc /
    100.0 AS soc, temperature / 10.0 AS temperature, state, pv_power, load_power, grid_power
FROM victron_battery_minutes JOIN sources AS n ON n.id = source;

CREATE VIEW v_victron_battery_hours AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, voltage / 100.0 AS voltage,
    voltage_min / 100.0 AS voltage_min, voltage_max / 100.0 AS voltage_max, current / 100.0 AS current, power, soc /
    100.0 AS soc, temperature / 10.0 AS temperature, state, pv_power, load_power, grid_power
FROM victron_battery_hours JOIN sources AS n ON n.id = source;

CREATE VIEW v_solark_telemetry AS
SELECT n.name AS plant_id, strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch') AS timestamp, soc / 100.0 AS soc,
    batt_power, batt_voltage / 100.0 AS batt_voltage, batt_voltage_min / 100.0 AS batt_voltage_min, batt_voltage_max
    / 100.0 AS batt_voltage_max, batt_current / 100.0 AS batt_current, pv_power, pv_voltage / 100.0 AS pv_voltage,
    pv_current / 100.0 AS pv_current, load_power, grid_power, pv_to_grid, grid_to_load, pv_to_load, pv_to_bat,
    bat_to_load, strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch') AS created_at
FROM solark_telemetry JOIN sources AS n ON n.id = plant_id;

CREATE VIEW v_solark_minutes AS
SELECT n.name AS plant_id, strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch') AS timestamp, soc / 100.0 AS soc,
    batt_power, batt_voltage / 100.0 AS batt_voltage, batt_voltage_min / 100.0 AS batt_voltage_min, batt_voltage_max
    / 100.0 AS batt_voltage_max, batt_current / 100.0 AS batt_current, pv_power, pv_voltage / 100.0 AS pv_voltage,
    pv_current / 100.0 AS pv_current, load_power, grid_power, pv_to_grid, grid_to_load, pv_to_load, pv_to_bat,
    bat_to_load, strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch') AS created_at
FROM solark_minutes JOIN sources AS n ON n.id = plant_id;

CREATE VIEW v_solark_hours AS
SELECT n.name AS plant_id, strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch') AS timestamp, soc / 100.0 AS soc,
    batt_power, batt_voltage / 100.0 AS batt_voltage, batt_voltage_min / 100.0 AS batt_voltage_min, batt_voltage_max
    / 100.0 AS batt_voltage_max, batt_current / 100.0 AS batt_current, pv_power, pv_voltage / 100.0 AS pv_voltage,
    pv_current / 100.0 AS pv_current, load_power, grid_power, pv_to_grid, grid_to_load, pv_to_load, pv_to_bat,
    bat_to_load, strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch') AS created_at
FROM solark_hours JOIN sources AS n ON n.id = plant_id;

CREATE VIEW v_polling_status AS
SELECT source, state,
    strftime('%Y-%m-%dT%H:%M:%SZ', state_since / 1000, 'unixepoch') AS state_since, strftime('%Y-%m-%dT%H:%M:%SZ',
    last_success_at / 1000, 'unixepoch') AS last_success_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', last_error_at / 1000, 'unixepoch') AS last_error_at, last_error, successes,
    failures, consecutive_failures, rtt_ms, rtt_mean_ms, rtt_max_ms, strftime('%Y-%m-%dT%H:%M:%SZ', updated_at /
    1000, 'unixepoch') AS updated_at
FROM polling_status;

CREATE VIEW v_decisions AS
SELECT id,
    strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, load, "from", "to", reason, text, inputs, gates
FROM decisions;

CREATE VIEW v_relay_commands AS
SELECT id,
    strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, output, "order", reason, confirmed, tries, latency_ms
FROM relay_commands;

CREATE VIEW v_load_runs AS
SELECT load,
    strftime('%Y-%m-%dT%H:%M:%SZ', started_at / 1000, 'unixepoch') AS started_at, strftime('%Y-%m-%dT%H:%M:%SZ',
    stopped_at / 1000, 'unixepoch') AS stopped_at, start_reason, stop_reason, energy_wh
FROM load_runs;

CREATE VIEW v_events AS
SELECT id,
    strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, level, kind, subject, message, data FROM events;

CREATE VIEW v_health_checks AS
SELECT id, strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, part, state, text FROM health_checks;

CREATE VIEW v_performance_metrics AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS at, n.name AS metric, samples, mean, min, max
FROM performance_metrics JOIN metric_names AS n ON n.id = metric;

CREATE VIEW v_rule_state AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, state FROM rule_state;

-- The newest raw row of each source.
CREATE VIEW v_battery_latest AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, soc / 100.0 AS soc,
    power, voltage / 100.0 AS voltage, current / 100.0 AS current, temperature / 10.0 AS temperature, state
FROM sources AS n JOIN victron_battery_readings AS r
    ON r.id = (SELECT id FROM victron_battery_readings WHERE id % 256 = n.id ORDER BY id DESC LIMIT 1)
UNION ALL
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch'), n.name, soc / 100.0, batt_power, batt_voltage /
    100.0, batt_current / 100.0, NULL, NULL
FROM solark_telemetry JOIN sources AS n ON n.id = plant_id
WHERE timestamp = (SELECT max(timestamp) FROM solark_telemetry);

-- The last hour of each source in one row.
CREATE VIEW v_battery_last_hour AS
SELECT n.name AS source, strftime('%Y-%m-%dT%H:%M:%SZ', min(taken_at), 'unixepoch') AS first_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', max(taken_at), 'unixepoch') AS last_at,
    count(*) AS samples, round(avg(voltage) / 100.0, 2) AS voltage_mean, min(voltage_min) / 100.0 AS voltage_min,
    max(voltage_max) / 100.0 AS voltage_max, round(avg(current) / 100.0, 2) AS current_mean, round(avg(power)) AS
    power_mean, round(avg(soc) / 100.0, 2) AS soc_mean
FROM (SELECT taken_at, source, voltage, voltage_min, voltage_max, current, power, soc FROM victron_battery_readings
    WHERE id >= (unixepoch() - 3600) * 256
    UNION ALL
    SELECT timestamp, plant_id, batt_voltage, batt_voltage_min, batt_voltage_max, batt_current, batt_power, soc
    FROM solark_telemetry WHERE timestamp >= unixepoch() - 3600) JOIN sources AS n ON n.id = source
GROUP BY n.name;

-- Each part, how it is, and since when.
CREATE VIEW health_summary AS
SELECT part, state, strftime('%Y-%m-%dT%H:%M:%SZ', since / 1000, 'unixepoch') AS since, text
FROM (SELECT part, state, at AS since, text, row_number() OVER (PARTITION BY part ORDER BY id DESC) AS newest
    FROM health_checks)
WHERE newest = 1;

-- The last 200 things that happened, newest first.
CREATE VIEW recent_activity AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, what, subject, text
FROM (
    SELECT * FROM (SELECT at, 'decision' AS what, load AS subject,
        "from" || ' -> ' || "to" || ' (' || reason || '): ' || text AS text FROM decisions ORDER BY id DESC LIMIT 200)
    UNION ALL
    SELECT * FROM (SELECT at, kind, subject, level || ': ' || message FROM events ORDER BY id DESC LIMIT 200)
    UNION ALL
    SELECT * FROM (SELECT at, 'command', output, "order" || ' (' || reason || '), '
        || CASE confirmed WHEN 1 THEN 'confirmed' || coalesce(' after ' || latency_ms || ' ms', '')
            ELSE 'not confirmed, tries: ' || tries END
        FROM relay_commands ORDER BY id DESC LIMIT 200)
)
ORDER BY at DESC LIMIT 200;

-- Hours a load ran in each day (UTC). A run that was never closed ends where the next one of its load begins.
CREATE VIEW v_runtime_per_day AS
WITH RECURSIVE runs (load, from_s, until_s) AS (
    SELECT load, started_at / 1000, coalesce(stopped_at, lead(started_at) OVER (PARTITION BY load ORDER BY started_at),
        unixepoch() * 1000) / 1000 FROM load_runs
), days (load, day, from_s, until_s) AS (
    SELECT load, from_s / 86400, from_s, until_s FROM runs WHERE until_s > from_s
    UNION ALL
    SELECT load, day + 1, (day + 1) * 86400, until_s FROM days WHERE until_s > (day + 1) * 86400
)
SELECT date(day * 86400, 'unixepoch') AS day, load, count(*) AS runs,
    round(sum(min(until_s, (day + 1) * 86400) - from_s) / 3600.0, 3) AS hours
FROM days GROUP BY day, load;
