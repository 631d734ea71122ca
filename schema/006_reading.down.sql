DROP VIEW v_written_per_day;
DROP VIEW v_battery_latest;
DROP VIEW recent_activity;
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
