-- Each query returns no row when all is well; a row says what is not. Default rows may be changed or removed by the
-- owner; a site without a user or without preferences cannot be served.
SELECT 'users: no row' WHERE NOT EXISTS (SELECT 1 FROM users);
SELECT 'user_preferences: no row; defaults serve' WHERE NOT EXISTS (SELECT 1 FROM user_preferences);
SELECT 'settings_revision: who is left set to ' || who FROM settings_revision WHERE who <> '';
