-- SHA-256 (hex) of the answer that was taken, so that a wallet that sends it again learns that it arrived
alter table presentation add column answer_sha256 text;
