-- Each query returns no row when all is well; a row says what is not.
SELECT 'missing table: ' || column1 FROM (VALUES ('memory'), ('memory_fts'))
WHERE column1 NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table');
