-- What was decided and done. Times are ms since 1970 UTC; the views v_<table> (005) show them as text.

-- A row for each change of a load, a fan, heat or charging.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    load TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL,
    inputs TEXT,  -- JSON: value, source, age and quality of what counted
    gates TEXT    -- JSON
) STRICT;

-- A row for each command to an output, written when it is known how it ended.
CREATE TABLE relay_commands (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    output TEXT NOT NULL,
    "order" TEXT NOT NULL,
    reason TEXT NOT NULL,
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    tries INTEGER NOT NULL,
    latency_ms INTEGER
) STRICT;

-- A row for each stretch a load ran; stopped_at is NULL while it runs.
CREATE TABLE load_runs (
    load TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    stopped_at INTEGER CHECK (stopped_at >= started_at),
    start_reason TEXT NOT NULL,
    stop_reason TEXT,
    energy_wh INTEGER,
    PRIMARY KEY (started_at, load)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error', 'critical')),
    kind TEXT NOT NULL,
    subject TEXT,
    message TEXT NOT NULL,
    data TEXT  -- JSON
) STRICT;

-- A row for each change of a part's health.
CREATE TABLE health_checks (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    part TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ok', 'degraded', 'down')),
    text TEXT
) STRICT;

CREATE TABLE metric_names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64)
) STRICT;

-- A quarter of an hour of one metric; `at` in s since 1970 UTC, its start.
CREATE TABLE performance_metrics (
    at INTEGER NOT NULL,
    metric INTEGER NOT NULL REFERENCES metric_names (id),
    samples INTEGER NOT NULL,
    mean REAL NOT NULL,
    min REAL NOT NULL,
    max REAL NOT NULL,
    PRIMARY KEY (at, metric)
) STRICT, WITHOUT ROWID;

-- What the rules must remember over a restart; the text says its own version.
CREATE TABLE rule_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;

-- When a broken database was moved aside, and where; the alarm stands until somebody has seen it.
CREATE TABLE database_restores (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    acknowledged_at INTEGER
) STRICT;
