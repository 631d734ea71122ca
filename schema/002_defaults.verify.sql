-- Each query returns a row for each fault, and none if all is well. The owner may change or remove default rows; a
-- site needs a user and preferences.
SELECT 'users: no row' WHERE NOT EXISTS (SELECT 1 FROM users);
SELECT 'user_preferences: no row; defaults serve' WHERE NOT EXISTS (SELECT 1 FROM user_preferences);
SELECT 'settings_revision: who is left set to ' || who FROM settings_revision WHERE who <> '';
