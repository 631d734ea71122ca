-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing or not a STRICT table: settings_sum'
WHERE 'settings_sum' NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1);
SELECT 'missing: trg_users_delete' WHERE NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'trg_users_delete');
SELECT 'settings_history row ' || id || ' has no change' FROM settings_history WHERE change IS NULL LIMIT 10;
SELECT 'settings_revision: change is left set to ' || change FROM settings_revision WHERE change IS NOT NULL;
SELECT 'never' FROM (SELECT * FROM v_decisions LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM recent_activity LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_victron_battery_readings LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_victron_battery_minutes LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_victron_battery_hours LIMIT 1) WHERE 0;
