-- Changes that a model proposed and a person decides on, and how often what may be done in a span was done.
CREATE TABLE proposals (
    id TEXT NOT NULL PRIMARY KEY
        CONSTRAINT "id: a UUID in lower case" CHECK (length(id) = 36
            AND id GLOB '????????-????-????-????-????????????' AND replace(id, '-', '') NOT GLOB '*[^0-9a-f]*'),
    created_at INTEGER NOT NULL,  -- ms since 1970 UTC
    created_up INTEGER NOT NULL,  -- ms since the boot `boot`: a clock that was set back must not lengthen a proposal's life
    boot TEXT NOT NULL,
    client TEXT NOT NULL,         -- as the program names itself
    transport TEXT NOT NULL
        CONSTRAINT "transport: stdio, http, ask" CHECK (transport IN ('stdio', 'http', 'ask')),
    login TEXT NOT NULL,
    tool TEXT NOT NULL,
    why TEXT NOT NULL,
    method TEXT NOT NULL
        CONSTRAINT "method: PUT, POST" CHECK (method IN ('PUT', 'POST')),
    path TEXT NOT NULL
        CONSTRAINT "path: of the API" CHECK (path GLOB '/api/*'),
    body TEXT NOT NULL
        CONSTRAINT "body: JSON" CHECK (json_valid(body)),
    diff TEXT NOT NULL
        CONSTRAINT "diff: JSON" CHECK (json_valid(diff)),
    would TEXT NOT NULL
        CONSTRAINT "would: JSON" CHECK (json_valid(would)),
    newest_change INTEGER NOT NULL,  -- the ETag of the trial
    code TEXT UNIQUE,             -- while it waits; no tool answers it
    wrong_codes INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting'
        CONSTRAINT "state: waiting, applying, applied, failed, rejected, expired, ended"
        CHECK (state IN ('waiting', 'applying', 'applied', 'failed', 'rejected', 'expired', 'ended')),
    decided_at INTEGER,
    decided_by TEXT,
    answer TEXT,                  -- of voltd, or why there is none
    change INTEGER,               -- its number in settings_history
    CONSTRAINT "code: of a waiting one" CHECK ((code IS NOT NULL) = (state = 'waiting'))
) STRICT;
CREATE INDEX proposals_created ON proposals (created_at);

CREATE TABLE limits (
    name TEXT NOT NULL,
    who TEXT NOT NULL,  -- a client, or empty for all of them together
    begun_at INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (name, who)
) STRICT;
