-- Views that answer faster and in better order, and what the card has taken.

-- The newest raw row of each source, of the last six hours before the newest of all: looking further for a unit that is
-- gone costs a walk through all rows, and `polling_status` tells when it was heard last.
DROP VIEW v_battery_latest;
CREATE VIEW v_battery_latest AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', taken_at, 'unixepoch') AS taken_at, n.name AS source, soc / 100.0 AS soc,
    power, voltage / 100.0 AS voltage, current / 100.0 AS current, temperature / 10.0 AS temperature, state
FROM (SELECT max(id) AS newest FROM victron_battery_readings
    WHERE id >= (SELECT max(id) FROM victron_battery_readings) - 21600 * 256 GROUP BY id % 256)
    JOIN victron_battery_readings AS r ON r.id = newest JOIN sources AS n ON n.id = source
UNION ALL
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', timestamp, 'unixepoch'), n.name, soc / 100.0, batt_power, batt_voltage / 100.0,
    batt_current / 100.0, NULL, NULL
FROM solark_telemetry JOIN sources AS n ON n.id = plant_id
WHERE timestamp = (SELECT max(timestamp) FROM solark_telemetry);

-- The last 200 things that happened, newest first; what happened in one second stands in its order too.
DROP VIEW recent_activity;
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

-- What the store handed to the card in each day (UTC), in MB, without the journal of the file system.
CREATE VIEW v_written_per_day AS
SELECT date(at, 'unixepoch') AS day, round(sum(samples * mean) / 1e6, 2) AS megabytes
FROM performance_metrics JOIN metric_names AS n ON n.id = metric
WHERE n.name = 'store_bytes_written' GROUP BY 1;
