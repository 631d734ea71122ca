-- The record of proofs and copies is lost, not the copies.
DROP VIEW v_backups;
DROP VIEW v_output_proofs;
DROP TABLE backups;
DROP TABLE output_proofs;
