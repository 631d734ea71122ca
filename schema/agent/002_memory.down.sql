-- Removes the memories.
DROP TABLE memory_fts;
DROP TABLE memory;
