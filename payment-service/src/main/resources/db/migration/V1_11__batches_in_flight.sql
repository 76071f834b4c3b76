-- Several batches on their way at once, and what the chain looked like when something final was booked.

-- no longer one at a time: a transfer is in one batch, so batches never overlap
drop index settlement_batch_open;
create index settlement_batch_open on settlement_batch (id) where state = 'recorded';
alter table settlement_batch
    -- of all attempts: any of them may be the one that the chain has taken
    add column hashes text[] not null default '{}',
    add column block_number bigint,
    add column gas_used bigint;
update settlement_batch set hashes = array[transaction_hash] where transaction_hash is not null;

-- Blocks in which something was booked for good. If one of them is gone or has another hash, the chain was reset or
-- reorganised.
create table chain_mark (
    number bigint      primary key check (number >= 0),
    hash   text collate "C" not null check (is_bytes32(hash)),
    noted  timestamptz not null default now()
);
-- which settled transfers a lost block had
create index transfer_block on transfer (block_number) where state = 'settled';
