-- Who is signed in: browsers of users, and keys of programs. Only the SHA-256 of a secret is here, so a copy of this file lets
-- nobody in. No foreign key: settings that are put back from a copy replace the users for a moment, and must not end the sessions.
CREATE TABLE web_sessions (
    id TEXT NOT NULL PRIMARY KEY
        CONSTRAINT "id: a UUID in lower case" CHECK (length(id) = 36
            AND id GLOB '????????-????-????-????-????????????' AND replace(id, '-', '') NOT GLOB '*[^0-9a-f]*'
            AND length(replace(id, '-', '')) = 32),
    user_id TEXT,  -- NULL: a program's key, which belongs to nobody
    secret_sha256 TEXT NOT NULL UNIQUE
        CONSTRAINT "secret_sha256: 64 hexadecimal digits" CHECK (length(secret_sha256) = 64
            AND secret_sha256 NOT GLOB '*[^0-9a-f]*'),
    kind TEXT NOT NULL
        CONSTRAINT "kind: browser, program" CHECK (kind IN ('browser', 'program')),
    role TEXT NOT NULL
        CONSTRAINT "role: view, propose, operate" CHECK (role IN ('view', 'propose', 'operate')),
    name TEXT NOT NULL
        CONSTRAINT "name: 1 to 64 characters" CHECK (length(name) BETWEEN 1 AND 64),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    last_seen_on TEXT NOT NULL DEFAULT (date('now')),  -- a day is enough: flash is precious
    expires_at TEXT NOT NULL,
    CONSTRAINT "user_id: of a browser, not of a program" CHECK ((kind = 'browser') = (user_id IS NOT NULL)),
    CONSTRAINT "role: propose is for programs" CHECK (kind = 'program' OR role <> 'propose')
) STRICT;
