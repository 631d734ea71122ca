-- Each query returns a row for each fault, and none if all is well. A view with a missing column fails.
SELECT 'never' FROM (SELECT * FROM v_battery_latest LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM recent_activity LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_written_per_day LIMIT 1) WHERE 0;
