-- 32 bytes as the API and the contract write them
create function is_bytes32(value text) returns boolean language sql immutable
return value ~ '^0x[0-9a-f]{64}$';

-- an amount of won that one payment can move
create function is_won(value bigint) returns boolean language sql immutable
return value between 1 and 1000000000000;

-- ---- accounts ----

create table account (
    id          text collate "C" check (is_bytes32(id)) primary key,
    owner_kind  text        not null check (owner_kind in ('citizen', 'agency', 'system')),
    owner       text        not null check (length(owner) between 1 and 64),
    -- the key's point; both null for an account that only receives
    x           text collate "C" check (is_bytes32(x)),
    y           text collate "C" check (is_bytes32(y)),
    key_version integer     not null check (key_version >= 0),
    state       text        not null check (state in ('opening', 'open')),
    frozen      boolean     not null default false,
    -- what may be spent, and what accepted but unsettled authorisations hold; only postings move them
    available   bigint      not null default 0,
    held        bigint      not null default 0 check (held >= 0),
    created     timestamptz not null default now(),
    check ((x is null) = (y is null)),
    check ((x is null) = (key_version = 0)),
    -- nobody but the issuance account, whose balance is minus the supply, goes below zero
    check (owner_kind = 'system' or available >= 0)
);
create index account_owner on account (owner_kind, owner, id);
create unique index account_key on account (x, y);
create unique index account_of_agency on account (owner) where owner_kind = 'agency' and x is null;
create index account_opening on account (created) where state = 'opening';

-- the issuance account: the other side of every mint; it has no place on the chain
insert into account (id, owner_kind, owner, key_version, state)
values ('0x' || repeat('0', 64), 'system', 'issuance', 0, 'open');

create table account_proof (
    subject text        not null,
    jti     text        not null check (length(jti) between 8 and 128),
    used    timestamptz not null default now(),
    primary key (subject, jti)
);

-- ---- bills ----

create table bill (
    id           uuid        primary key,
    debtor       text        not null check (length(debtor) between 1 and 64),
    payee        text collate "C" check (is_bytes32(payee)) not null references account (id),
    payee_agency text        not null,
    amount       bigint check (is_won(amount)) not null,
    title_ko     text        not null check (length(title_ko) <= 200),
    title_en     text        not null check (length(title_en) <= 200),
    salt         text collate "C" check (is_bytes32(salt)) not null,
    hash         text collate "C" check (is_bytes32(hash)) not null unique,
    application  text        unique check (length(application) between 1 and 64),
    due_at       timestamptz,
    state        text        not null default 'open' check (state in ('open', 'paying', 'paid', 'cancelled')),
    created      timestamptz not null default now()
);
create index bill_debtor on bill (debtor, id);
create index bill_payee on bill (payee_agency, id);

-- ---- what is sent to the chain ----

create table chain_ledger (
    only_one         boolean     primary key default true check (only_one),
    chain_id         bigint      not null,
    genesis_hash     text collate "C" check (is_bytes32(genesis_hash)) not null,
    address          text        not null check (address ~ '^0x[0-9a-f]{40}$'),
    domain_separator text collate "C" check (is_bytes32(domain_separator)) not null,
    noted            timestamptz not null default now()
);

-- A batch and its transaction's hash are written here before the transaction is first sent, so that after a crash the
-- chain can be asked for it.
create table settlement_batch (
    id               bigint      generated always as identity primary key,
    -- SHA-256 over the authorisations' ids in order
    content_hash     text        not null,
    size             integer     not null check (size between 1 and 200),
    -- of the latest attempt; null until the first is signed
    transaction_hash text,
    attempts         integer     not null default 0,
    -- recorded: perhaps sent; done: every item has been booked or released; failed: its transaction failed as a whole
    state            text        not null default 'recorded' check (state in ('recorded', 'done', 'failed')),
    recorded         timestamptz not null default now(),
    finished         timestamptz
);
-- one batch at a time, so that what is in flight is always known
create unique index settlement_batch_open on settlement_batch ((true)) where state = 'recorded';

-- ---- transfers and double entry ----

create table transfer (
    id               text collate "C" check (is_bytes32(id)) primary key,
    position         bigint      generated always as identity unique,
    payer            text collate "C" check (is_bytes32(payer)) not null references account (id),
    key_version      integer     not null check (key_version > 0),
    payee            text collate "C" check (is_bytes32(payee)) not null references account (id),
    amount           bigint check (is_won(amount)) not null,
    bill_hash        text collate "C" check (is_bytes32(bill_hash)) not null,
    bill             uuid        references bill (id),
    nonce            text collate "C" check (is_bytes32(nonce)) not null,
    valid_after      bigint      not null,
    valid_before     bigint      not null,
    signature        text        not null check (length(signature) = 86),
    state            text        not null default 'accepted' check (state in ('accepted', 'settled', 'reversed')),
    reason           text,
    batch            bigint      references settlement_batch (id),
    accepted         timestamptz not null default now(),
    finished         timestamptz,
    transaction_hash text collate "C" check (is_bytes32(transaction_hash)),
    block_number     bigint,
    unique (payer, nonce),
    check (payer <> payee),
    check (valid_after < valid_before),
    check ((bill is null) = (bill_hash = '0x' || repeat('0', 64))),
    check ((state = 'settled') = (transaction_hash is not null and block_number is not null)),
    check ((state = 'reversed') = (reason is not null)),
    check ((state = 'accepted') = (finished is null))
);
-- a bill has at most one payment that counts
create unique index transfer_of_bill on transfer (bill) where state in ('accepted', 'settled');
create index transfer_waiting on transfer (position) where state = 'accepted';
create index transfer_batch on transfer (batch) where batch is not null;

create table mint (
    id          uuid        primary key,
    payee       text collate "C" check (is_bytes32(payee)) not null references account (id),
    amount      bigint check (is_won(amount)) not null,
    proposed_by text        not null,
    approved_by text,
    state       text        not null default 'proposed' check (state in ('proposed', 'approved', 'settled', 'failed')),
    created     timestamptz not null default now(),
    approved    timestamptz,
    transaction_hash text collate "C" check (is_bytes32(transaction_hash)),
    -- four eyes
    check (approved_by <> proposed_by),
    check ((state = 'proposed') = (approved_by is null))
);
create index mint_waiting on mint (approved) where state = 'approved';

create table reserve_attestation (
    id       bigint      generated always as identity primary key,
    amount   bigint      not null check (amount between 0 and 1000000000000000),
    evidence text collate "C" check (is_bytes32(evidence)) not null,
    auditor  text        not null,
    state    text        not null default 'recorded' check (state in ('recorded', 'attested', 'failed')),
    created  timestamptz not null default now()
);
create index reserve_attestation_waiting on reserve_attestation (id) where state = 'recorded';

-- committed: what is minted and what is approved to be minted
create table treasury (
    only_one  boolean primary key default true check (only_one),
    reserve   bigint  not null default 0,
    committed bigint  not null default 0 check (committed >= 0),
    check (committed <= reserve)
);
insert into treasury default values;

create table entry (
    id       bigint      generated always as identity primary key,
    kind     text        not null check (kind in ('acceptance', 'settlement', 'reversal', 'mint')),
    transfer text collate "C" check (is_bytes32(transfer)) references transfer (id),
    mint     uuid        references mint (id),
    booked   timestamptz not null default now(),
    check ((kind = 'mint') = (mint is not null)),
    check ((kind = 'mint') = (transfer is null))
);
create unique index entry_acceptance on entry (transfer) where kind = 'acceptance';
-- a transfer ends once
create unique index entry_end on entry (transfer) where kind in ('settlement', 'reversal');
create unique index entry_mint on entry (mint) where kind = 'mint';

create table posting (
    entry   bigint  not null references entry (id),
    account text collate "C" check (is_bytes32(account)) not null references account (id),
    bucket  text    not null check (bucket in ('available', 'held')),
    amount  bigint  not null check (amount <> 0),
    primary key (entry, account, bucket)
);
create index posting_account on posting (account);

-- Every statement that posts must balance each of its entries, so every entry balances for ever; and balances move by
-- postings alone, so that they can't disagree.
create function post() returns trigger language plpgsql as $$
declare
    unbalanced bigint;
begin
    select entry into unbalanced from posted group by entry having sum(amount) <> 0 limit 1;
    if found then
        raise exception 'the postings of entry % do not sum to zero', unbalanced using errcode = 'check_violation';
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
    return null;
end $$;
create trigger posting_balances after insert on posting
    referencing new table as posted for each statement execute function post();

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'what is booked is never changed' using errcode = 'restrict_violation';
end $$;
create trigger posting_is_final before update or delete or truncate on posting
    for each statement execute function refuse_change();
create trigger entry_is_final before update or delete or truncate on entry
    for each statement execute function refuse_change();

-- What the payer signed never changes; a transfer ends once.
create function transfer_change() returns trigger language plpgsql as $$
begin
    if (new.id, new.payer, new.key_version, new.payee, new.amount, new.bill_hash, new.bill, new.nonce,
        new.valid_after, new.valid_before)
       is distinct from
       (old.id, old.payer, old.key_version, old.payee, old.amount, old.bill_hash, old.bill, old.nonce,
        old.valid_after, old.valid_before)
       or (old.state <> 'accepted' and new.state <> old.state) then
        raise exception 'a transfer does not change' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger transfer_is_final before update on transfer for each row execute function transfer_change();

-- ---- reconciliation ----

create table reconciliation (
    id             bigint      generated always as identity primary key,
    at             timestamptz not null default now(),
    accounts       integer     not null,
    supply         bigint      not null,
    chain_supply   bigint      not null,
    -- account ids with both balances; empty when all agree
    differences    jsonb       not null
);
