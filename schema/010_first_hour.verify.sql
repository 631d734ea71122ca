-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing or not a STRICT table: ' || column1 FROM (VALUES ('output_proofs'), ('backups'))
WHERE column1 NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1);
SELECT 'missing trigger: ' || column1 FROM (VALUES ('trg_output_proofs_bound'), ('trg_backups_bound'))
WHERE column1 NOT IN (SELECT name FROM sqlite_schema WHERE type = 'trigger');
SELECT 'missing view: ' || column1 FROM (VALUES ('v_output_proofs'), ('v_backups'))
WHERE column1 NOT IN (SELECT name FROM sqlite_schema WHERE type = 'view');
