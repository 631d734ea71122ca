-- Removes the owner's settings. `voltctl db rollback` makes a copy first.
DROP TABLE settings_history;
DROP TABLE miner_profiles;
DROP TABLE hvac_zones;
DROP TABLE user_preferences;
DROP TABLE users;
DROP TABLE settings_revision;
