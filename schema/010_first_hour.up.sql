-- Relays whose own timer was seen to switch them off, and the copies that were made. Few rows, and never more than 1,000 of each.
CREATE TABLE output_proofs (
    id INTEGER PRIMARY KEY,
    output TEXT NOT NULL,
    at INTEGER NOT NULL,  -- ms since 1970 UTC, of the relay's OFF
    dialect TEXT NOT NULL,
    lease_s INTEGER NOT NULL CONSTRAINT "lease_s: 30 to 300" CHECK (lease_s BETWEEN 30 AND 300),
    measured_s REAL NOT NULL CONSTRAINT "measured_s: above 0" CHECK (measured_s > 0)
) STRICT;

-- A row for each `voltctl backup`, also for one that failed.
CREATE TABLE backups (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,  -- ms since 1970 UTC
    path TEXT NOT NULL CONSTRAINT "path: not empty" CHECK (path <> ''),
    bytes INTEGER NOT NULL CONSTRAINT "bytes: 0 or more" CHECK (bytes >= 0),  -- 0 of one that failed
    error TEXT CONSTRAINT "error: not empty" CHECK (error <> '')  -- NULL: it was made
) STRICT;

CREATE TRIGGER trg_output_proofs_bound AFTER INSERT ON output_proofs
BEGIN
    DELETE FROM output_proofs WHERE id <= new.id - 1000;
END;
CREATE TRIGGER trg_backups_bound AFTER INSERT ON backups
BEGIN
    DELETE FROM backups WHERE id <= new.id - 1000;
END;

CREATE VIEW v_output_proofs AS
SELECT id, output, strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, dialect, lease_s, measured_s FROM output_proofs;
CREATE VIEW v_backups AS
SELECT id, strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000, 'unixepoch') AS at, path, bytes, error FROM backups;
