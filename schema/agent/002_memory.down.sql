-- What was remembered is lost.
DROP TABLE memory_fts;
DROP TABLE memory;
