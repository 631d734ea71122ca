-- What was asked and answered, by whom, with which tools; and what volt-agent did. Times are ms since 1970 UTC.
CREATE TABLE conversations (
    id TEXT NOT NULL PRIMARY KEY
        CONSTRAINT "id: a UUID in lower case" CHECK (length(id) = 36
            AND id GLOB '????????-????-????-????-????????????' AND replace(id, '-', '') NOT GLOB '*[^0-9a-f]*'),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    agent_role TEXT NOT NULL
        CONSTRAINT "agent_role: ask, mcp" CHECK (agent_role IN ('ask', 'mcp')),
    client TEXT NOT NULL
        CONSTRAINT "client: at most 64 characters" CHECK (length(client) <= 64),
    title TEXT NOT NULL
        CONSTRAINT "title: at most 60 characters" CHECK (length(title) <= 60),
    summary TEXT,  -- of the messages up to `summarized_to`; NULL until they no longer fit into a prompt
    summarized_to INTEGER NOT NULL DEFAULT 0,
    message_count INTEGER NOT NULL DEFAULT 0,
    metadata TEXT
        CONSTRAINT "metadata: JSON" CHECK (metadata IS NULL OR json_valid(metadata))
) STRICT;
CREATE INDEX conversations_updated ON conversations (updated_at);
-- Calls without a conversation of their own go to one of the client and day.
CREATE UNIQUE INDEX conversations_day ON conversations (client, created_at / 86400000) WHERE agent_role = 'mcp';

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    role TEXT NOT NULL
        CONSTRAINT "role: user, assistant, system, tool" CHECK (role IN ('user', 'assistant', 'system', 'tool')),
    content TEXT NOT NULL,
    tool_calls TEXT
        CONSTRAINT "tool_calls: JSON" CHECK (tool_calls IS NULL OR json_valid(tool_calls)),
    tool_results TEXT
        CONSTRAINT "tool_results: JSON" CHECK (tool_results IS NULL OR json_valid(tool_results)),
    duration_ms INTEGER,
    tokens_in INTEGER,
    tokens_out INTEGER,
    metadata TEXT
        CONSTRAINT "metadata: JSON" CHECK (metadata IS NULL OR json_valid(metadata))
) STRICT;
CREATE INDEX messages_conversation ON messages (conversation_id, id);

CREATE TRIGGER trg_messages_counted AFTER INSERT ON messages
BEGIN
    UPDATE conversations SET message_count = message_count + 1, updated_at = max(updated_at, new.created_at)
    WHERE id = new.conversation_id;
END;
CREATE TRIGGER trg_messages_uncounted AFTER DELETE ON messages
BEGIN
    UPDATE conversations SET message_count = message_count - 1 WHERE id = old.conversation_id;
END;

CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    level TEXT NOT NULL
        CONSTRAINT "level: info, warning, error" CHECK (level IN ('info', 'warning', 'error')),
    event_type TEXT NOT NULL
        CONSTRAINT "event_type: task_start, task_complete, tool_call, error, limit"
        CHECK (event_type IN ('task_start', 'task_complete', 'tool_call', 'error', 'limit')),
    message TEXT NOT NULL,
    agent_role TEXT NOT NULL,
    conversation_id TEXT,  -- no reference: what happened stays when the conversation is removed
    data TEXT
        CONSTRAINT "data: JSON" CHECK (data IS NULL OR json_valid(data))
) STRICT;
CREATE INDEX log_created ON log (created_at);
