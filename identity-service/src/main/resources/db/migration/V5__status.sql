-- Status lists of an agency. secret: key of the permutation that turns the counter "taken" into indexes; no index has a row of its own
-- until its status has changed. version counts the changes: those of one list are committed in its order, because each holds
-- the list's row until it is committed.
create table status_list (
    id      uuid        primary key,
    agency  text        not null references agency,
    bits    int         not null check (bits in (1, 2, 8)),
    size    int         not null check (size between 2 and 16777216),
    secret  bytea       not null,
    taken   int         not null default 0 check (taken between 0 and size),
    version bigint      not null default 0,
    created timestamptz not null
);
create index status_list_open on status_list (agency, bits, created, id) where taken < size;

-- The status of an entry that was ever changed; all others are 0, valid.
create table status_entry (
    list    uuid     not null references status_list,
    index   int      not null,
    value   smallint not null,
    version bigint   not null,
    primary key (list, index)
);
create index status_entry_version on status_entry (list, version);

-- Who changed the status of which issuance, when and why. reason is a code; note is free text, which leaves this table
-- only to the agency. actor: sub of the token.
create table status_change (
    id         bigint      generated always as identity primary key,
    issuance   uuid        not null,
    status     text        not null,
    reason     text        not null,
    note       text,
    actor      text        not null,
    actor_role text        not null,
    changed_at timestamptz not null
);
create index status_change_issuance on status_change (issuance, id);

-- What was issued from the same offer, or grant of a plain sign-in, is revoked together.
create index issuance_entitlement on issuance (coalesce(offer, grant_id, id), credential_type);
