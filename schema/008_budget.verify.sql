-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing column of user_preferences: ' || value FROM json_each('["bank_wh", "budget_floor_percent", "bridge_wh"]')
WHERE value NOT IN (SELECT name FROM pragma_table_info('user_preferences'));
SELECT 'missing trigger: ' || value FROM json_each('["trg_user_preferences_history_insert",
    "trg_user_preferences_history_update", "trg_user_preferences_history_delete", "trg_users_delete"]')
WHERE value NOT IN (SELECT name FROM sqlite_schema WHERE type = 'trigger');
