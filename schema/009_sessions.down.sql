-- Everybody is signed out, and every key is void.
DROP TABLE web_sessions;
