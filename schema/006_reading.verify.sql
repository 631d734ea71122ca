-- Each query returns no row when all is well; a view that names a column which is gone shows itself as an error.
SELECT 'never' FROM (SELECT * FROM v_battery_latest LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM recent_activity LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_written_per_day LIMIT 1) WHERE 0;
