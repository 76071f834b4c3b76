-- Payments in two steps, refunds, a client's own keys, nonces given up, limits.

-- ---- holds ----

-- A hold is an authorisation that waits for its payee's word: its money is held like any accepted one's, but it goes to no
-- batch before it is captured. Without that word it ends at captures_before, and its money is the payer's again.
alter table transfer
    add column captures_before bigint,
    add column captured        timestamptz,
    -- the settled payment that this one pays back
    add column refund_of       text collate "C" check (is_bytes32(refund_of)) references transfer (id),
    -- the sum of this payment's refunds that are accepted or settled; only changes of transfers move it
    add column refunded        bigint not null default 0,
    -- the Idempotency-Key with which it came
    add column client_key      text check (length(client_key) between 1 and 64),
    drop constraint transfer_state_check,
    drop constraint transfer_check2,
    drop constraint transfer_check5;
alter table transfer
    add constraint transfer_state_check check (state in ('held', 'accepted', 'settled', 'reversed')),
    add constraint transfer_hold check (captures_before is null or captures_before < valid_before),
    add constraint transfer_held check (state <> 'held' or captures_before is not null and captured is null),
    add constraint transfer_captured check
        (captures_before is null or state in ('held', 'reversed') or captured is not null),
    add constraint transfer_purpose check
        ((bill is null and refund_of is null) = (bill_hash = '0x' || repeat('0', 64))),
    add constraint transfer_one_purpose check (bill is null or refund_of is null),
    add constraint transfer_finished check ((state in ('held', 'accepted')) = (finished is null)),
    -- what is paid back was paid, and never more than was paid
    add constraint transfer_refunded check (refunded between 0 and amount and (refunded = 0 or state = 'settled'));
drop index transfer_of_bill;
create unique index transfer_of_bill on transfer (bill)
    where state in ('held', 'accepted', 'settled') and not instalment;
create index transfer_held on transfer (captures_before) where state = 'held';
create index transfer_refund on transfer (refund_of, position) where refund_of is not null;
create unique index transfer_client_key on transfer (payer, client_key) where client_key is not null;
-- what went out and came in, newest first; and what was spent today
create index transfer_out on transfer (payer, accepted, position);
create index transfer_in on transfer (payee, accepted, position);

-- What the payer signed never changes; a transfer ends once, and is never held again.
create or replace function transfer_change() returns trigger language plpgsql as $$
begin
    if (new.id, new.payer, new.key_version, new.payee, new.amount, new.bill_hash, new.bill, new.instalment, new.nonce,
        new.valid_after, new.valid_before, new.captures_before, new.refund_of, new.client_key)
       is distinct from
       (old.id, old.payer, old.key_version, old.payee, old.amount, old.bill_hash, old.bill, old.instalment, old.nonce,
        old.valid_after, old.valid_before, old.captures_before, old.refund_of, old.client_key)
       or (old.captured is not null and new.captured is distinct from old.captured)
       or (new.state <> old.state and (old.state, new.state) not in (('held', 'accepted'), ('held', 'reversed'),
           ('accepted', 'settled'), ('accepted', 'reversed'))) then
        raise exception 'a transfer does not change' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- ---- what counts towards a bill and of a refund ----

create function count_added_transfers() returns trigger language plpgsql as $$
begin
    if exists (select from added where bill is not null) then
        update bill b set reserved = b.reserved + a.amount
          from (select bill, sum(amount)::bigint as amount from added where bill is not null group by bill) a
         where b.id = a.bill;
    end if;
    if exists (select from added where refund_of is not null) then
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
create trigger transfer_added after insert on transfer
    referencing new table as added for each statement execute function count_added_transfers();

create function count_ended_transfers() returns trigger language plpgsql as $$
begin
    -- asked first: updating nothing would still fire this trigger again
    if exists (select from now_is n join was w on w.id = n.id
                where n.bill is not null and n.state <> w.state and n.state in ('settled', 'reversed')) then
        update bill b set settled = b.settled + e.settled, reserved = b.reserved - e.reversed
          from (select n.bill,
                       coalesce(sum(n.amount) filter (where n.state = 'settled'), 0)::bigint as settled,
                       coalesce(sum(n.amount) filter (where n.state = 'reversed'), 0)::bigint as reversed
                  from now_is n join was w on w.id = n.id
                 where n.bill is not null and n.state <> w.state and n.state in ('settled', 'reversed')
                 group by n.bill) e
         where b.id = e.bill;
    end if;
    if exists (select from now_is n join was w on w.id = n.id
                where n.refund_of is not null and n.state <> w.state and n.state = 'reversed') then
        update transfer o set refunded = o.refunded - e.amount
          from (select n.refund_of, sum(n.amount)::bigint as amount
                  from now_is n join was w on w.id = n.id
                 where n.refund_of is not null and n.state <> w.state and n.state = 'reversed'
                 group by n.refund_of) e
         where o.id = e.refund_of;
    end if;
    return null;
end $$;
create trigger transfer_ended after update on transfer
    referencing old table as was new table as now_is for each statement execute function count_ended_transfers();

-- ---- nonces that their payer gave up before anything was accepted with them ----

create table cancelled_nonce (
    payer     text collate "C" check (is_bytes32(payer)) not null references account (id),
    nonce     text collate "C" check (is_bytes32(nonce)) not null,
    cancelled timestamptz not null default now(),
    primary key (payer, nonce)
);

-- ---- limits that an owner sets for an account; null: none ----

alter table account
    add column limit_payment      bigint check (limit_payment >= 0),
    add column limit_day          bigint check (limit_day >= 0),
    -- raised limits, which count from then on
    add column next_limit_payment bigint check (next_limit_payment >= 0),
    add column next_limit_day     bigint check (next_limit_day >= 0),
    add column next_limits_from   timestamptz;
