-- Accounts that two officers freeze, that their owner closes, and whose key the present key replaces.

alter table account drop constraint account_state_check;
alter table account add constraint account_state_check check (state in ('opening', 'open', 'closed'));
alter table account add constraint account_closed_empty check (state <> 'closed' or available = 0 and held = 0);

-- Orders of officers; what is approved here is carried out on the contract by settlement.
create table freeze_order (
    id          uuid        primary key,
    account     text collate "C" check (is_bytes32(account)) not null references account (id),
    action      text        not null check (action in ('freeze', 'unfreeze')),
    reason      text        not null check (length(reason) between 1 and 500),
    proposed_by text        not null check (length(proposed_by) between 1 and 64),
    approved_by text        check (length(approved_by) between 1 and 64),
    state       text        not null default 'proposed' check (state in ('proposed', 'approved', 'done')),
    created     timestamptz not null default now(),
    approved    timestamptz,
    done        timestamptz,
    -- four eyes
    check (approved_by <> proposed_by),
    check ((state = 'proposed') = (approved_by is null))
);
create index freeze_order_account on freeze_order (account, created);
create index freeze_order_waiting on freeze_order (approved) where state = 'approved';

-- New keys, each signed by the key that it replaces. While one is on its way nothing new is accepted from its account.
create table key_rotation (
    id          uuid        primary key,
    account     text collate "C" check (is_bytes32(account)) not null references account (id),
    -- the present key's, which signed
    key_version integer     not null check (key_version > 0),
    x           text collate "C" check (is_bytes32(x)) not null,
    y           text collate "C" check (is_bytes32(y)) not null,
    signature   text        not null check (length(signature) = 86),
    state       text        not null default 'recorded' check (state in ('recorded', 'done', 'failed')),
    created     timestamptz not null default now()
);
create unique index key_rotation_of_account on key_rotation (account) where state = 'recorded';
create unique index key_rotation_key on key_rotation (x, y) where state = 'recorded';
