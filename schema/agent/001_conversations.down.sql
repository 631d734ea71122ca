-- Removes all conversations and the log.
DROP TABLE log;
DROP TABLE messages;
DROP TABLE conversations;
