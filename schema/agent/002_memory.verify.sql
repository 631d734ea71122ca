-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing table: ' || column1 FROM (VALUES ('memory'), ('memory_fts'))
WHERE column1 NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table');
