-- Removes every row of settings: the up step adds the default rows again, and an owner's row with the same user, name
-- or output would conflict. `voltctl db rollback` makes a copy first.
UPDATE settings_revision SET who = 'rollback';

DELETE FROM miner_profiles;
DELETE FROM hvac_zones;
DELETE FROM user_preferences;
DELETE FROM users;

UPDATE settings_revision SET who = '';
