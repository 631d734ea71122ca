-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing or not a STRICT table: ' || column1
FROM (VALUES ('sources'), ('victron_battery_readings'), ('victron_battery_minutes'), ('victron_battery_hours'),
    ('solark_telemetry'), ('solark_minutes'), ('solark_hours'), ('polling_status'))
WHERE column1 NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1);

SELECT 'sources: ' || name || ' should be number ' || (name <> 'sol_ark') FROM sources
WHERE (name = 'sol_ark' AND id <> 0) OR (name = 'victron.system' AND id <> 1);

SELECT 'victron_battery_hours: row ' || id || ' is of no source' FROM victron_battery_hours
WHERE source NOT IN (SELECT id FROM sources) LIMIT 10;
