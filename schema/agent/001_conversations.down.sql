-- All conversations and the log are lost.
DROP TABLE log;
DROP TABLE messages;
DROP TABLE conversations;
