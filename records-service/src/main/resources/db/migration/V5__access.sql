-- Who was let read which record, why and on what basis; written and logged before anything is released.
create table access_entry (
    id            uuid primary key,
    position      bigint generated always as identity unique,
    agency        text        not null,
    record        uuid        not null,
    owner         text,
    title_ko      text        not null,
    title_en      text        not null,
    reader_kind   text        not null,
    reader        text        not null,
    reader_agency text,
    delegation    uuid,
    purpose_ko    text        not null,
    purpose_en    text        not null,
    basis_ko      text        not null,
    basis_en      text        not null,
    break_glass   boolean     not null,
    at            timestamptz not null,
    salt          bytea       not null,
    entry         text        not null,
    log_index     bigint,
    told          timestamptz
);
create index access_entry_of_owner on access_entry (owner, position desc);
create index access_entry_of_agency on access_entry (agency, position desc);
create index access_entry_of_reader on access_entry (record, reader, at desc);
create index access_entry_untold on access_entry (position) where told is null;

-- A citizen lets another person read: one record, or all of an agency's type, or all.
create table delegation (
    id       uuid primary key,
    position bigint generated always as identity unique,
    owner    text        not null,
    delegate text        not null check (delegate <> owner),
    record   uuid,
    agency   text,
    type     text,
    given    timestamptz not null,
    expires  timestamptz not null check (expires > given),
    revoked  timestamptz
);
create index delegation_of_owner on delegation (owner, position desc);
create index delegation_to on delegation (delegate, position desc);
