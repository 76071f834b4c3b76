-- What differs beside balances and supply: nonces and bills.
alter table reconciliation add column findings jsonb not null default '[]';
