-- Each query returns a row for each fault, and none if all is well. It reads each view, so that one with a
-- missing column fails.
SELECT 'never' FROM (SELECT * FROM v_victron_battery_readings LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_victron_battery_minutes LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_victron_battery_hours LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_solark_telemetry LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_solark_minutes LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_solark_hours LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_polling_status LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_decisions LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_relay_commands LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_load_runs LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_events LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_health_checks LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_performance_metrics LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_rule_state LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_battery_latest LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_battery_last_hour LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM health_summary LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM recent_activity LIMIT 1) WHERE 0;
SELECT 'never' FROM (SELECT * FROM v_runtime_per_day LIMIT 1) WHERE 0;
