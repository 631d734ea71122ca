-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing table: web_sessions' WHERE NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'web_sessions');
