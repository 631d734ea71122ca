-- The rows a new site begins with. Preferences are those of the column defaults.
UPDATE settings_revision SET who = 'migration';

INSERT INTO users (id, email) VALUES ('a0000000-0000-0000-0000-000000000001', 'admin@wildfireranch.us');

INSERT INTO user_preferences (id, user_id)
VALUES ('b0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000001');

INSERT INTO hvac_zones (id, user_id, zone_name, slug, zone_type, temp_too_hot, temp_hot_ok, temp_too_cold, temp_cold_ok,
    exhaust_fan_enabled, exhaust_fan_device_id, fan_speed_mode, fan_max_level, heating_enabled, heating_priority_1,
    heating_priority_2, heater_device_id, heater_power_w, minimum_solar_for_heating_w, block_charging_enabled,
    block_charging_below_c, sensor_id)
VALUES
    ('c0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000001', 'Heat Room', 'heat-room',
     'equipment', 40.0, 35.0, 0.0, 5.0, 1, 'ac-infinity-1', 'auto', 10, 1, 'miner', 'heater', 'heat-room-heater', 1500,
     4000, 1, 0.0, 'heat-room'),
    ('c0000000-0000-0000-0000-000000000002', 'a0000000-0000-0000-0000-000000000001', 'Main Room', 'main-room',
     'equipment', 35.0, 30.0, -5.0, 0.0, 1, 'ac-infinity-2', 'auto', 8, 1, 'heater', 'none', 'main-room-heater', 1500,
     2000, 0, 0.0, 'main-room');

INSERT INTO miner_profiles (id, user_id, name, slug, model, hashrate_ths, power_draw_w, priority_level, start_voltage,
    stop_voltage, emergency_stop_voltage, require_excess_solar, minimum_excess_w, minimum_solar_w, require_sunny,
    preferred_start, preferred_end, allow_outside_schedule, operating_mode, device_id, hvac_zone_id)
VALUES
    ('d0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000001', 'Primary S21+ (Revenue)',
     'primary-s21-revenue', 'Antminer S21+ 235TH', 235.0, 3878, 1, 50.0, 47.0, 45.0, 0, 0, NULL, 0, '18:00', '10:00', 1,
     'aggressive', 'primary-s21', 'c0000000-0000-0000-0000-000000000001'),
    ('d0000000-0000-0000-0000-000000000002', 'a0000000-0000-0000-0000-000000000001', 'Dump Load S19 #1',
     'dump-load-s19-1', 'Antminer S19 95TH', 95.0, 3250, 3, 54.5, 53.0, 50.0, 1, 3500, 8000, 1, '10:00', '16:00', 0,
     'opportunistic', 'dump-load-s19-1', 'c0000000-0000-0000-0000-000000000001');

UPDATE settings_revision SET who = '';
