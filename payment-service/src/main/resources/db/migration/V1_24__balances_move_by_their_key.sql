-- What a booking costs depends on its own rows. The balances that a batch moves are looked up by their key: joined by hash, PostgreSQL read
-- every account there is for each batch, a third of what a small one cost, as long as it thought that cheaper than some hundred look-ups.
alter function post() set enable_hashjoin = off;
alter function post() set enable_mergejoin = off;

-- Nothing reads postings by their account: balances stand in the account, what moved them is found by transfer.
drop index posting_account;

-- A payment's place is the database's own number, which is given once; it is read along the indexes of what waits and of the history.
alter table transfer drop constraint transfer_position_key;

-- Both are ids of accounts (transfer_refers), whose form their own table checks.
alter table transfer drop constraint transfer_payer_check, drop constraint transfer_payee_check;
