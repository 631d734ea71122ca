-- Each query returns no row when all is well; a row says what is not.
SELECT 'missing or not a STRICT table: ' || column1
FROM (VALUES ('names'), ('victron_battery_readings'), ('victron_battery_minutes'), ('victron_battery_hours'),
    ('solark_telemetry'), ('solark_minutes'), ('solark_hours'), ('polling_status'))
WHERE column1 NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1);

SELECT 'names: ' || name || ' should be number ' || (name <> 'sol_ark') FROM names
WHERE (name = 'sol_ark' AND id <> 0) OR (name = 'victron.system' AND id <> 1);
