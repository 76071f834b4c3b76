-- What postings refer to is looked up once for each entry and each account, not twice for each posting: that an account exists shows where
-- its balances move.
create or replace function post() returns trigger language plpgsql as $$
declare
    wrong bigint;
    moved bigint;
begin
    select entry into wrong from posted group by entry having sum(amount) <> 0 limit 1;
    if found then
        raise exception 'the postings of entry % do not sum to zero', wrong using errcode = 'check_violation';
    end if;
    select p.entry into wrong from (select distinct entry from posted) p
     where (select true from entry e where e.id = p.entry) is null limit 1;
    if found then
        raise exception 'a posting is of an entry and an account' using errcode = 'foreign_key_violation';
    end if;
    -- callers have locked these accounts in id order
    update account a
       set available = a.available + p.available,
           held = a.held + p.held
      from (select account,
                   coalesce(sum(amount) filter (where bucket = 'available'), 0)::bigint as available,
                   coalesce(sum(amount) filter (where bucket = 'held'), 0)::bigint as held
              from posted group by account) p
     where a.id = p.account;
    get diagnostics moved = row_count;
    if moved <> (select count(distinct account) from posted) then
        raise exception 'a posting is of an entry and an account' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

-- replacing a function takes its settings away
alter function post() set enable_seqscan = off;
alter function post() set enable_hashjoin = off;
alter function post() set enable_mergejoin = off;

drop trigger posting_refers on posting;
drop function posting_refers();
