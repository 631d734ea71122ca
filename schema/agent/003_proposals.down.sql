-- Removes the proposals with their decisions. settings_history of voltd.db keeps the changes.
DROP TABLE limits;
DROP TABLE proposals;
