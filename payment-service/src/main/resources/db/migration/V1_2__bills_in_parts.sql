-- Bills that may be paid in parts, cancelled, and paid by anyone who was given their link; and requests that are answered once
-- for each key of their client.

-- ---- what counts towards a bill ----

-- reserved: the sum of its payments that are accepted or settled; settled: of those that have settled. Only changes of
-- transfers move them (by the triggers of the next migration), so a bill is never paid twice, whatever the code does.
alter table bill
    add column partial   boolean not null default false,
    add column reserved  bigint  not null default 0,
    add column settled   bigint  not null default 0,
    add column cancelled timestamptz,
    -- 128 random bits, base64url: who has them may see what is to be paid, and pay it
    add column link      text collate "C";
update bill set reserved = amount, settled = case state when 'paid' then amount else 0 end where state in ('paying', 'paid');
update bill set cancelled = now() where state = 'cancelled';
update bill set link = translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_');
alter table bill
    alter column link set not null,
    add constraint bill_link unique (link),
    add constraint bill_link_form check (link ~ '^[A-Za-z0-9_-]{22}$'),
    add constraint bill_paid_at_most_once check (0 <= settled and settled <= reserved and reserved <= amount),
    add constraint bill_cancelled_unpaid check (cancelled is null or reserved = 0),
    drop column state;
alter table bill add column state text not null generated always as (
    case when cancelled is not null then 'cancelled'
         when settled = amount then 'paid'
         when reserved = amount then 'paying'
         else 'open' end) stored;

-- An instalment's bill_hash is derived from the bill's and the nonce. What pays a bill whole has its very hash, and only one
-- of those counts.
alter table transfer add column instalment boolean not null default false;
alter table transfer add constraint transfer_instalment check (bill is not null or not instalment);
drop index transfer_of_bill;
create unique index transfer_of_bill on transfer (bill) where state in ('accepted', 'settled') and not instalment;
create index transfer_of_bill_in_parts on transfer (bill) where instalment;

-- ---- one answer for each key of a client ----

create table answered_request (
    -- "<citizen|agency>:<sub or agency>"
    owner       text        not null check (length(owner) between 1 and 80),
    operation   text        not null check (length(operation) between 1 and 40),
    key         text        not null check (length(key) between 1 and 64),
    -- SHA-256 of what was asked
    fingerprint text        not null check (length(fingerprint) = 64),
    -- what was made, in order
    made        uuid[]      not null default '{}',
    answered    timestamptz not null default now(),
    primary key (owner, operation, key)
);
create index answered_request_age on answered_request (answered);
