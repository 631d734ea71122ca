-- Removes the record of proofs and copies, not the copies.
DROP VIEW v_backups;
DROP VIEW v_output_proofs;
DROP TABLE backups;
DROP TABLE output_proofs;
