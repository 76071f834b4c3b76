-- What must not be destroyed as long as it is held.
create table legal_hold (
    id          uuid primary key,
    position    bigint generated always as identity unique,
    record      uuid        not null,
    agency      text        not null,
    reason      text        not null,
    placed_by   text        not null,
    placed      timestamptz not null,
    released_by text,
    released    timestamptz
);
create index legal_hold_active on legal_hold (record) where released is null;
create index legal_hold_of_agency on legal_hold (agency, position desc);

-- What was shredded, and the certificate of it. Says nothing of what the record said or about whom.
create table destruction (
    record      uuid primary key,
    agency      text        not null,
    type        text        not null,
    versions    integer     not null,
    ground      text        not null check (ground in ('retention', 'order')),
    basis_ko    text        not null,
    basis_en    text        not null,
    ordered_by  text,
    destroyed   timestamptz not null,
    salt        bytea       not null,
    entry       text        not null,
    log_index   bigint,
    certificate text,
    told        timestamptz
);
create index destruction_untold on destruction (destroyed) where told is null;
