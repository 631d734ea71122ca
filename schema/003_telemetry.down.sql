DROP TABLE victron_battery_readings;
DROP TABLE victron_battery_minutes;
DROP TABLE victron_battery_hours;
DROP TABLE solark_telemetry;
DROP TABLE solark_minutes;
DROP TABLE solark_hours;
DROP TABLE polling_status;
DROP TABLE sources;
