-- Takes every row of settings: the up step brings the default rows back, and a row of the owner with the user, the name
-- or the output of one of them would stand in its way. `voltctl db rollback` makes a copy first.
UPDATE settings_revision SET who = 'rollback';

DELETE FROM miner_profiles;
DELETE FROM hvac_zones;
DELETE FROM user_preferences;
DELETE FROM users;

UPDATE settings_revision SET who = '';
