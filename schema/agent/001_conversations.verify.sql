-- Each query returns a row for each fault, and none if all is well.
SELECT 'missing or not a STRICT table: ' || column1 FROM (VALUES ('conversations'), ('messages'), ('log'))
WHERE column1 NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1);
SELECT 'message_count of ' || id || ' is wrong' FROM conversations
WHERE message_count <> (SELECT count(*) FROM messages WHERE conversation_id = conversations.id);
