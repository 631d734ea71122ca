-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing or not a STRICT table: ' || column1
FROM (VALUES ('decisions'), ('relay_commands'), ('load_runs'), ('events'), ('health_checks'), ('metric_names'),
    ('performance_metrics'), ('rule_state'), ('database_restores'))
WHERE column1 NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1);
