-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing: ' || column1 FROM (VALUES ('users'), ('user_preferences'), ('miner_profiles'), ('hvac_zones'),
    ('settings_history'), ('settings_revision'), ('idx_users_email'), ('idx_user_preferences_user'),
    ('idx_miner_profiles_user'), ('idx_miner_profiles_priority'), ('idx_hvac_zones_user'),
    ('idx_miner_profiles_device'), ('trg_settings_history_revision'), ('trg_users_updated_at'),
    ('trg_user_preferences_updated_at'), ('trg_miner_profiles_updated_at'), ('trg_hvac_zones_updated_at'),
    ('trg_user_preferences_curve_insert'), ('trg_user_preferences_curve_update'),
    ('trg_user_preferences_history_insert'), ('trg_user_preferences_history_update'),
    ('trg_user_preferences_history_delete'), ('trg_miner_profiles_history_insert'),
    ('trg_miner_profiles_history_update'), ('trg_miner_profiles_history_delete'),
    ('trg_hvac_zones_history_insert'), ('trg_hvac_zones_history_update'), ('trg_hvac_zones_history_delete'))
WHERE column1 NOT IN (SELECT name FROM sqlite_master);

SELECT 'not a STRICT table: ' || name FROM pragma_table_list
WHERE schema = 'main' AND strict = 0
    AND name IN ('users', 'user_preferences', 'miner_profiles', 'hvac_zones', 'settings_history', 'settings_revision');

SELECT 'settings_revision holds ' || count(*) || ' rows; need 1' FROM settings_revision HAVING count(*) <> 1;

SELECT 'user_preferences ' || id || ': voltage_curve is no JSON list of 2 to 32 points' FROM user_preferences
WHERE NOT json_valid(voltage_curve) OR json_array_length(voltage_curve) NOT BETWEEN 2 AND 32;

SELECT 'user_preferences ' || p.id || ': voltage_curve does not rise at point ' || high.key
FROM (SELECT * FROM user_preferences WHERE json_valid(voltage_curve)) AS p, json_each(p.voltage_curve) AS low
    JOIN json_each(p.voltage_curve) AS high ON high.key = low.key + 1
WHERE json_extract(high.value, '$.voltage') <= json_extract(low.value, '$.voltage')
    OR json_extract(high.value, '$.soc') <= json_extract(low.value, '$.soc');
