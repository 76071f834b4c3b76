-- Versions of each agency's wrapping key. A row goes when the version is destroyed, which what is still wrapped with it forbids.
create table wrapping_key (
    agency  text        not null,
    version integer     not null check (version > 0),
    created timestamptz not null default now(),
    primary key (agency, version)
);
insert into wrapping_key (agency, version) select agency, 1 from agency union select agency, 1 from record;

-- A wrapped key now begins with the version (4 bytes) that wrapped it.
update record set wrapped_key = '\x00000001'::bytea || wrapped_key where length(wrapped_key) = 40;
alter table record add column key_version integer generated always as
    (get_byte(wrapped_key, 0) * 16777216 + get_byte(wrapped_key, 1) * 65536 + get_byte(wrapped_key, 2) * 256 + get_byte(wrapped_key, 3)) stored;
alter table record add foreign key (agency, key_version) references wrapping_key;
create index record_key_version on record (agency, key_version);

-- The passage from one version to the next: rows are rewrapped, then the old version is destroyed.
create table key_rotation (
    id         uuid primary key,
    position   bigint generated always as identity unique,
    agency     text        not null,
    to_version integer     not null,
    ordered_by text        not null,
    ordered    timestamptz not null default now(),
    total      bigint,
    done       bigint      not null default 0,
    rewrapped  timestamptz,
    finished   timestamptz
);
create unique index key_rotation_running on key_rotation (agency) where finished is null;
