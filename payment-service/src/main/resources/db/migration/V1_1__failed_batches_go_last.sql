-- How often a transaction with this transfer in it has failed as a whole: those in which it never did go first, so that
-- one that can't be carried never keeps the others waiting.
alter table transfer add column attempts integer not null default 0 check (attempts >= 0);
drop index transfer_waiting;
create index transfer_waiting on transfer (attempts, position) where state = 'accepted';
