-- What was proposed, and by whom it was decided, is lost; settings_history of voltd.db still has what was changed.
DROP TABLE limits;
DROP TABLE proposals;
