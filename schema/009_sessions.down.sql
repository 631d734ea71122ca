-- Signs out all users, and invalidates every key.
DROP TABLE web_sessions;
