-- Removes the settings of the night budget. `voltctl db rollback` makes a copy first.
DROP TRIGGER trg_user_preferences_history_insert;
DROP TRIGGER trg_user_preferences_history_update;
DROP TRIGGER trg_user_preferences_history_delete;
ALTER TABLE user_preferences DROP COLUMN bridge_wh;
ALTER TABLE user_preferences DROP COLUMN budget_floor_percent;
ALTER TABLE user_preferences DROP COLUMN bank_wh;
CREATE TRIGGER trg_user_preferences_history_insert AFTER INSERT ON user_preferences
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'user_preferences', new.id, before, after
    FROM (SELECT
        NULL AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'voltage_at_0_percent', new.voltage_at_0_percent,
            'voltage_at_100_percent', new.voltage_at_100_percent, 'voltage_curve',
            new.voltage_curve, 'voltage_shutdown', new.voltage_shutdown, 'voltage_critical_low',
            new.voltage_critical_low, 'voltage_low', new.voltage_low, 'voltage_restart',
            new.voltage_restart, 'voltage_optimal_min', new.voltage_optimal_min,
            'voltage_optimal_max', new.voltage_optimal_max, 'voltage_float', new.voltage_float,
            'voltage_absorption', new.voltage_absorption, 'voltage_full', new.voltage_full,
            'battery_absolute_max', new.battery_absolute_max, 'max_battery_discharge_w',
            new.max_battery_discharge_w, 'inverter_max_w', new.inverter_max_w,
            'internal_resistance_mohm', new.internal_resistance_mohm, 'reserve_voltage',
            new.reserve_voltage, 'display_mode', new.display_mode, 'temperature_unit',
            new.temperature_unit, 'timezone', new.timezone, 'latitude', new.latitude, 'longitude',
            new.longitude, 'operating_mode', new.operating_mode, 'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_user_preferences_history_update AFTER UPDATE ON user_preferences
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'user_preferences', new.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'voltage_at_0_percent', old.voltage_at_0_percent,
            'voltage_at_100_percent', old.voltage_at_100_percent, 'voltage_curve',
            old.voltage_curve, 'voltage_shutdown', old.voltage_shutdown, 'voltage_critical_low',
            old.voltage_critical_low, 'voltage_low', old.voltage_low, 'voltage_restart',
            old.voltage_restart, 'voltage_optimal_min', old.voltage_optimal_min,
            'voltage_optimal_max', old.voltage_optimal_max, 'voltage_float', old.voltage_float,
            'voltage_absorption', old.voltage_absorption, 'voltage_full', old.voltage_full,
            'battery_absolute_max', old.battery_absolute_max, 'max_battery_discharge_w',
            old.max_battery_discharge_w, 'inverter_max_w', old.inverter_max_w,
            'internal_resistance_mohm', old.internal_resistance_mohm, 'reserve_voltage',
            old.reserve_voltage, 'display_mode', old.display_mode, 'temperature_unit',
            old.temperature_unit, 'timezone', old.timezone, 'latitude', old.latitude, 'longitude',
            old.longitude, 'operating_mode', old.operating_mode, 'created_at', old.created_at) AS before,
        json_object('id', new.id, 'user_id', new.user_id, 'voltage_at_0_percent', new.voltage_at_0_percent,
            'voltage_at_100_percent', new.voltage_at_100_percent, 'voltage_curve',
            new.voltage_curve, 'voltage_shutdown', new.voltage_shutdown, 'voltage_critical_low',
            new.voltage_critical_low, 'voltage_low', new.voltage_low, 'voltage_restart',
            new.voltage_restart, 'voltage_optimal_min', new.voltage_optimal_min,
            'voltage_optimal_max', new.voltage_optimal_max, 'voltage_float', new.voltage_float,
            'voltage_absorption', new.voltage_absorption, 'voltage_full', new.voltage_full,
            'battery_absolute_max', new.battery_absolute_max, 'max_battery_discharge_w',
            new.max_battery_discharge_w, 'inverter_max_w', new.inverter_max_w,
            'internal_resistance_mohm', new.internal_resistance_mohm, 'reserve_voltage',
            new.reserve_voltage, 'display_mode', new.display_mode, 'temperature_unit',
            new.temperature_unit, 'timezone', new.timezone, 'latitude', new.latitude, 'longitude',
            new.longitude, 'operating_mode', new.operating_mode, 'created_at', new.created_at) AS after)
    WHERE before IS NOT after;
END;
CREATE TRIGGER trg_user_preferences_history_delete AFTER DELETE ON user_preferences
BEGIN
    INSERT INTO settings_history (who, table_name, row_id, before, after)
    SELECT (SELECT coalesce(nullif(who, ''), 'sql') FROM settings_revision), 'user_preferences', old.id, before, after
    FROM (SELECT
        json_object('id', old.id, 'user_id', old.user_id, 'voltage_at_0_percent', old.voltage_at_0_percent,
            'voltage_at_100_percent', old.voltage_at_100_percent, 'voltage_curve',
            old.voltage_curve, 'voltage_shutdown', old.voltage_shutdown, 'voltage_critical_low',
            old.voltage_critical_low, 'voltage_low', old.voltage_low, 'voltage_restart',
            old.voltage_restart, 'voltage_optimal_min', old.voltage_optimal_min,
            'voltage_optimal_max', old.voltage_optimal_max, 'voltage_float', old.voltage_float,
            'voltage_absorption', old.voltage_absorption, 'voltage_full', old.voltage_full,
            'battery_absolute_max', old.battery_absolute_max, 'max_battery_discharge_w',
            old.max_battery_discharge_w, 'inverter_max_w', old.inverter_max_w,
            'internal_resistance_mohm', old.internal_resistance_mohm, 'reserve_voltage',
            old.reserve_voltage, 'display_mode', old.display_mode, 'temperature_unit',
            old.temperature_unit, 'timezone', old.timezone, 'latitude', old.latitude, 'longitude',
            old.longitude, 'operating_mode', old.operating_mode, 'created_at', old.created_at) AS before,
        NULL AS after)
    WHERE before IS NOT after;
END;
