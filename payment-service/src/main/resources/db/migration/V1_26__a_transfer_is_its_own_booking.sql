-- A payment is booked by its own row. It names both sides and one amount, begins once and ends once, and never changes otherwise, so it can't
-- be out of balance. Entries and postings said the same a second and a third time: half of what accepting and a third of what settling cost.
-- What auditors add up is the view "booking", which shows both sides of everything.
--
-- The tables of entries and postings stay for now, with what stands in them: processes of the version before, which may run beside this
-- one, still write them. Nothing is moved by them any more, and nobody reads them; a later version drops them.

drop trigger posting_balances on posting;
drop function post();
drop trigger entry_refers on entry;
drop function entry_refers();

-- ---- mints and burns: settled once ----

alter table mint add column settled timestamptz;
alter table redemption add column settled timestamptz;
update mint m set settled = e.booked from entry e where e.mint = m.id and m.state = 'settled';
update redemption r set settled = e.booked from entry e where e.redemption = r.id and r.state = 'settled';
alter table mint add constraint mint_settled check ((state = 'settled') = (settled is not null));
alter table redemption add constraint redemption_settled check ((state = 'settled') = (settled is not null));

-- ---- what was booked, both sides of it ----

create view booking (entry, account, bucket, amount, booked) as
select 'acceptance ' || t.id, t.payer, side.bucket, side.amount, t.accepted
  from transfer t cross join lateral (values ('available', -t.amount), ('held', t.amount)) side (bucket, amount)
union all
select 'settlement ' || t.id, side.account, side.bucket, side.amount, t.finished
  from transfer t cross join lateral (values (t.payer, 'held', -t.amount),
                                             (t.payee, 'available', coalesce(t.captured_amount, t.amount)),
                                             -- what was held and not captured
                                             (t.payer, 'available', t.amount - coalesce(t.captured_amount, t.amount)))
                                     side (account, bucket, amount)
 where t.state = 'settled' and side.amount <> 0
union all
select 'reversal ' || t.id, t.payer, side.bucket, side.amount, t.finished
  from transfer t cross join lateral (values ('held', -t.amount), ('available', t.amount)) side (bucket, amount)
 where t.state = 'reversed'
union all
select 'mint ' || m.id, side.account, 'available', side.amount, m.settled
  from mint m cross join lateral (values ('0x' || repeat('0', 64), -m.amount), (m.payee, m.amount)) side (account, amount)
 where m.state = 'settled'
union all
select 'burn ' || r.id, side.account, 'available', side.amount, r.settled
  from redemption r
 cross join lateral (values ('0xaeeb477b9600955ff731af0e61ccae33346ebd75c4dfb75eb7b20b10ee100605', -r.amount),
                            ('0x' || repeat('0', 64), r.amount)) side (account, amount)
 where r.state = 'settled';

-- The balances are what the postings have made them. Where they are not what payments say, nothing is taken over.
do $$
declare
    wrong text;
begin
    select a.id into wrong from account a
      left join (select account,
                        sum(amount) filter (where bucket = 'available') as available,
                        sum(amount) filter (where bucket = 'held') as held
                   from booking group by account) b on b.account = a.id
     where a.available <> coalesce(b.available, 0) or a.held <> coalesce(b.held, 0) limit 1;
    if found then
        raise exception 'the balance of account % is not what its payments make', wrong using errcode = 'check_violation';
    end if;
end $$;

-- ---- balances move by what begins and ends, and by nothing else ----

-- Callers have locked the accounts in id order. Each is looked up by its key, however many there are.
create function move_balances(accounts text[], available_by bigint[], held_by bigint[]) returns void language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    moved bigint;
begin
    update account a
       set available = a.available + m.available, held = a.held + m.held
      from unnest(accounts, available_by, held_by) m (account, available, held)
     where a.id = m.account;
    get diagnostics moved = row_count;
    if moved <> cardinality(accounts) then
        raise exception 'a transfer is between accounts' using errcode = 'foreign_key_violation';
    end if;
end $$;

create function transfer_begins() returns trigger language plpgsql set enable_seqscan = off as $$
declare
    of_nobody boolean;
    of_other  boolean;
    of_bills  boolean;
    refunding boolean;
begin
    select bool_or((select true from account a where a.id = t.payee) is null),
           bool_or(t.state not in ('held', 'accepted') or t.refunded <> 0),
           bool_or(t.bill is not null),
           bool_or(t.refund_of is not null)
      into of_nobody, of_other, of_bills, refunding from added t;
    if of_nobody then
        raise exception 'a transfer is between accounts' using errcode = 'foreign_key_violation';
    end if;
    if of_other then
        raise exception 'a transfer begins as accepted or held' using errcode = 'restrict_violation';
    end if;
    -- what is accepted is held
    perform move_balances(array_agg(p.payer), array_agg(-p.amount), array_agg(p.amount))
       from (select payer, sum(amount)::bigint as amount from added group by payer) p having count(*) > 0;
    if of_bills then
        update bill b set reserved = b.reserved + a.amount
          from (select bill, sum(amount)::bigint as amount from added where bill is not null group by bill) a
         where b.id = a.bill;
    end if;
    if refunding then
        -- money goes back to whom it came from
        if exists (select from added a join transfer o on o.id = a.refund_of where a.payee <> o.payer) then
            raise exception 'a refund goes to the payer of what it refunds' using errcode = 'check_violation';
        end if;
        update transfer o set refunded = o.refunded + a.amount
          from (select refund_of, sum(amount)::bigint as amount from added where refund_of is not null
                 group by refund_of) a
         where o.id = a.refund_of;
    end if;
    return null;
end $$;
drop trigger transfer_refers on transfer;
drop function transfer_refers();
drop trigger transfer_added on transfer;
drop function count_added_transfers();
create trigger transfer_begins after insert on transfer
    referencing new table as added for each statement execute function transfer_begins();

create function transfer_ends() returns trigger language plpgsql set enable_seqscan = off as $$
declare
    accounts     text[];
    available_by bigint[];
    held_by      bigint[];
begin
    -- most changes end nothing
    if not exists (select from now_is where state in ('settled', 'reversed')) then
        return null;
    end if;
    with ended as materialized (
             select n.payer, n.payee, n.amount,
                    case n.state when 'settled' then coalesce(n.captured_amount, n.amount) else 0 end as moved
               from now_is n join was w on w.id = n.id
              where n.state <> w.state and n.state in ('settled', 'reversed')),
         side as (
             select payer as account, amount - moved as available, -amount as held from ended
              union all
             select payee, moved, 0 from ended where moved <> 0)
    select array_agg(s.account), array_agg(s.available), array_agg(s.held) into accounts, available_by, held_by
      from (select account, sum(available)::bigint as available, sum(held)::bigint as held from side group by account) s;
    if accounts is null then
        return null;
    end if;
    perform move_balances(accounts, available_by, held_by);
    if exists (select from now_is where bill is not null) then
        update bill b set settled = b.settled + e.settled, reserved = b.reserved - e.reversed
          from (select n.bill,
                       coalesce(sum(n.amount) filter (where n.state = 'settled'), 0)::bigint as settled,
                       coalesce(sum(n.amount) filter (where n.state = 'reversed'), 0)::bigint as reversed
                  from now_is n join was w on w.id = n.id
                 where n.bill is not null and n.state <> w.state and n.state in ('settled', 'reversed')
                 group by n.bill) e
         where b.id = e.bill;
    end if;
    if exists (select from now_is where refund_of is not null and state = 'reversed') then
        update transfer o set refunded = o.refunded - e.amount
          from (select n.refund_of, sum(n.amount)::bigint as amount
                  from now_is n join was w on w.id = n.id
                 where n.refund_of is not null and n.state <> w.state and n.state = 'reversed'
                 group by n.refund_of) e
         where o.id = e.refund_of;
    end if;
    return null;
end $$;
drop trigger transfer_ended on transfer;
drop function count_ended_transfers();
create trigger transfer_ends after update on transfer
    referencing old table as was new table as now_is for each statement execute function transfer_ends();

-- When money was accepted and when it ended is part of what was booked.
create or replace function transfer_change() returns trigger language plpgsql as $$
begin
    if (new.id, new.payer, new.key_version, new.payee, new.amount, new.bill_hash, new.bill, new.instalment, new.nonce,
        new.valid_after, new.valid_before, new.captures_before, new.refund_of, new.client_key, new.capturer, new.accepted)
       is distinct from
       (old.id, old.payer, old.key_version, old.payee, old.amount, old.bill_hash, old.bill, old.instalment, old.nonce,
        old.valid_after, old.valid_before, old.captures_before, old.refund_of, old.client_key, old.capturer, old.accepted)
       or (old.finished is not null and new.finished is distinct from old.finished)
       or (old.captured is not null
           and (new.captured, new.captured_amount, new.capture_key_version, new.capture_signature)
               is distinct from
               (old.captured, old.captured_amount, old.capture_key_version, old.capture_signature))
       or (new.state <> old.state and (old.state, new.state) not in (('held', 'accepted'), ('held', 'reversed'),
           ('accepted', 'settled'), ('accepted', 'reversed'))) then
        raise exception 'a transfer does not change' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- Money is made, and taken out, once for each order that two treasurers gave.
create function money_settles() returns trigger language plpgsql as $$
declare
    issuance   constant text := '0x' || repeat('0', 64);
    redemption constant text := '0xaeeb477b9600955ff731af0e61ccae33346ebd75c4dfb75eb7b20b10ee100605';
begin
    if tg_op = 'UPDATE' and old.state = 'settled' and new is distinct from old then
        raise exception 'what is booked is never changed' using errcode = 'restrict_violation';
    end if;
    if new.state = 'settled' and (tg_op = 'INSERT' or old.state <> 'settled') then
        new.settled = now();
        if tg_table_name = 'mint' then
            perform move_balances(array[issuance, new.payee], array[-new.amount, new.amount], array[0, 0]);
        else
            perform move_balances(array[redemption, issuance], array[-new.amount, new.amount], array[0, 0]);
        end if;
    end if;
    return new;
end $$;
create trigger mint_settles before insert or update on mint for each row execute function money_settles();
create trigger mint_stays before delete or truncate on mint for each statement execute function refuse_delete();
create trigger redemption_settles before insert or update on redemption for each row execute function money_settles();
create trigger redemption_stays before delete or truncate on redemption for each statement execute function refuse_delete();

-- Payments of no bill need no place among those of bills.
drop index transfer_of_bill;
create unique index transfer_of_bill on transfer (bill)
    where bill is not null and state in ('held', 'accepted', 'settled') and not instalment;
