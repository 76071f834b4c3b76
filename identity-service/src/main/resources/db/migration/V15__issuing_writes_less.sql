-- An answer is encrypted, and so is not smaller when PostgreSQL has tried to compress it.
alter table issuance alter column answer set storage external;

-- What was used is kept for minutes and cleared twice a minute: reading the whole table then costs less than an index of when it expires, which
-- each use had to write.
drop index used_nonce_expiry;
drop index used_once_expiry;
