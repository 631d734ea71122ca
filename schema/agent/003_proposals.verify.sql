-- Each query returns no row when all is well; a row says what is not.
SELECT 'missing or not a STRICT table: ' || column1 FROM (VALUES ('proposals'), ('limits'))
WHERE column1 NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1);
