-- Types of documents, as agencies define them.
create table document_type (
    agency     text        not null,
    type       text        not null,
    definition text        not null,
    version    integer     not null,
    changed    timestamptz not null,
    primary key (agency, type)
);

-- Ciphertext that is put into the blob store before the row that names it is written: what stays here was left behind.
create table draft_blob (
    blob    text primary key,
    drafted timestamptz not null default now()
);

-- A document; what it says is in its versions. record_salt blinds its id in the log. Shredding deletes the rows: an erased column
-- would leave an id in its order, and with it a guess at its place in the log.
create table document (
    id           uuid primary key,
    position     bigint generated always as identity unique,
    agency       text        not null,
    type         text        not null,
    subject      text,
    record_salt  bytea       not null,
    versions     integer     not null,
    latest       integer     not null default 0 check (latest <= versions),
    created      timestamptz not null,
    retain_until timestamptz,
    foreign key (agency, type) references document_type
);
create index document_due on document (retain_until) where retain_until is not null;
create index document_of_agency on document (agency, type, position desc);
create index document_of_subject on document (subject, position desc) where subject is not null;

-- told: when its entry stood under a published checkpoint; before that nobody hears of it.
create table document_version (
    id            uuid primary key,
    document      uuid        not null references document,
    agency        text        not null,
    version       integer     not null,
    name          text        not null,
    format        text        not null,
    length        bigint      not null,
    metadata      jsonb       not null,
    blob          text        not null unique,
    wrapped_key   bytea       not null,
    key_version   integer generated always as
        (get_byte(wrapped_key, 0) * 16777216 + get_byte(wrapped_key, 1) * 65536 + get_byte(wrapped_key, 2) * 256 + get_byte(wrapped_key, 3)) stored,
    document_salt bytea       not null,
    sha256        bytea       not null,
    entry         text        not null,
    log_index     bigint,
    kept_by       text        not null,
    kept          timestamptz not null,
    told          timestamptz,
    unique (document, version),
    foreign key (agency, key_version) references wrapping_key
);
create index document_version_untold on document_version (kept) where told is null;
create index document_version_key on document_version (agency, key_version);
create index document_version_metadata on document_version using gin (metadata jsonb_path_ops);

create table document_link (
    document uuid        not null references document,
    relation text        not null,
    target   uuid        not null,
    linked   timestamptz not null default now(),
    primary key (document, relation, target)
);
create index document_link_target on document_link (target);

-- Announced, not yet sent. The id becomes that of the version.
create table upload (
    id        uuid primary key,
    document  uuid        not null,
    agency    text        not null,
    type      text        not null,
    subject   text,
    follows   boolean     not null,
    name      text        not null,
    format    text        not null,
    length    bigint      not null,
    sha256    text,
    metadata  text        not null,
    announced_by text     not null,
    announced timestamptz not null default now(),
    expires   timestamptz not null
);
create index upload_expires on upload (expires);

-- Ciphertext whose key is destroyed, to be removed from the blob store.
create table doomed_blob (
    blob   text primary key,
    record uuid        not null,
    doomed timestamptz not null default now()
);
create index doomed_blob_of on doomed_blob (record);
