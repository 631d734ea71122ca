-- What is remembered between conversations: at most 500 short texts, each once.
CREATE TABLE memory (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- the number of a forgotten entry does not return
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    agent_role TEXT NOT NULL,  -- ask, mcp, or owner for an entry by command
    memory_type TEXT NOT NULL
        CONSTRAINT "memory_type: fact, insight, preference, context"
        CHECK (memory_type IN ('fact', 'insight', 'preference', 'context')),
    content TEXT NOT NULL UNIQUE
        CONSTRAINT "content: 1 to 500 characters" CHECK (length(content) BETWEEN 1 AND 500),
    importance REAL NOT NULL
        CONSTRAINT "importance: 0 to 1" CHECK (importance BETWEEN 0 AND 1),
    access_count INTEGER NOT NULL DEFAULT 0,
    last_accessed_at INTEGER,
    conversation_id TEXT REFERENCES conversations (id) ON DELETE SET NULL,
    -- 1: written in a turn that read a document or an event's text, so it may not be the owner's; a search finds it, no prompt has it
    tainted INTEGER NOT NULL
        CONSTRAINT "tainted: 0 or 1" CHECK (tainted IN (0, 1))
) STRICT;
CREATE INDEX memory_conversation ON memory (conversation_id);

CREATE VIRTUAL TABLE memory_fts USING fts5(content, content = 'memory', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TRIGGER trg_memory_added AFTER INSERT ON memory
BEGIN
    INSERT INTO memory_fts (rowid, content) VALUES (new.id, new.content);
END;
CREATE TRIGGER trg_memory_removed AFTER DELETE ON memory
BEGIN
    INSERT INTO memory_fts (memory_fts, rowid, content) VALUES ('delete', old.id, old.content);
END;
CREATE TRIGGER trg_memory_edited AFTER UPDATE OF content ON memory
BEGIN
    INSERT INTO memory_fts (memory_fts, rowid, content) VALUES ('delete', old.id, old.content);
    INSERT INTO memory_fts (rowid, content) VALUES (new.id, new.content);
END;
