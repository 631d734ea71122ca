-- Removes the default rows by their ids, as far as they are still there. Rows the owner added stay, and with them
-- the user they belong to.
UPDATE settings_revision SET who = 'rollback';

DELETE FROM miner_profiles
WHERE id IN ('d0000000-0000-0000-0000-000000000001', 'd0000000-0000-0000-0000-000000000002');
DELETE FROM hvac_zones
WHERE id IN ('c0000000-0000-0000-0000-000000000001', 'c0000000-0000-0000-0000-000000000002')
    AND id NOT IN (SELECT hvac_zone_id FROM miner_profiles WHERE hvac_zone_id IS NOT NULL);
DELETE FROM user_preferences WHERE id = 'b0000000-0000-0000-0000-000000000001';
DELETE FROM users
WHERE id = 'a0000000-0000-0000-0000-000000000001' AND id NOT IN (SELECT user_id FROM user_preferences)
    AND id NOT IN (SELECT user_id FROM miner_profiles) AND id NOT IN (SELECT user_id FROM hvac_zones);

UPDATE settings_revision SET who = '';
