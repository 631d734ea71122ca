-- Each query returns no row when all is well; a row says what is not.
SELECT 'missing table: web_sessions' WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'web_sessions');
