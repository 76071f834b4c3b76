-- A batch names its payments, in one row. Each payment was changed when it was recorded in a batch, in all its indexes, and again when it
-- ended: the first was most of what recording cost, and a third of what settling wrote. Which batch settled it is noted when it ends.
--
-- Processes of the version before, which may run beside this one, still note it in each payment; both are understood.

alter table settlement_batch
    -- ids, until the batch is done: then its payments say which it was
    add column items text[] collate "C" check (array_position(items, null) is null),
    -- hashes are not smaller when PostgreSQL has tried to compress them
    alter column items set storage external;
update settlement_batch b
   set items = array(select t.id from transfer t where t.batch = b.id and t.state = 'accepted' order by t.position)
 where b.state = 'recorded';

-- It is written by the transaction that ends the batch, for all of its payments; the reference was looked up for each of them. What is
-- referred to is never deleted.
alter table transfer drop constraint transfer_batch_fkey;
create trigger settlement_batch_stays before delete or truncate on settlement_batch
    for each statement execute function refuse_delete();
