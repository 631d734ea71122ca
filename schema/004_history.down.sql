-- Removes decisions and events. `voltctl db rollback` makes a copy first.
DROP TABLE decisions;
DROP TABLE relay_commands;
DROP TABLE load_runs;
DROP TABLE events;
DROP TABLE health_checks;
DROP TABLE performance_metrics;
DROP TABLE metric_names;
DROP TABLE rule_state;
DROP TABLE database_restores;
