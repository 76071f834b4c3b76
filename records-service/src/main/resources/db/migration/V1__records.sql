-- Public services, every version that was ever published: an application stays with the version it was made for.
create table service (
    service    text primary key,
    agency     text        not null,
    version    integer     not null,
    definition text        not null,
    published  timestamptz not null
);
create table service_version (
    service    text        not null references service,
    version    integer     not null,
    definition text        not null,
    published  timestamptz not null,
    primary key (service, version)
);

-- Agencies as the identity service registered them, with the certificate chain of their seal.
create table agency (
    agency    text primary key,
    name_ko   text        not null,
    name_en   text        not null,
    requested timestamptz not null,
    chain     text
);

-- form, facts and handover_key are data of a person; they are erased as soon as the record holds them.
create table application (
    id              uuid primary key,
    position        bigint generated always as identity unique,
    service         text        not null,
    service_version integer     not null,
    agency          text        not null,
    applicant       text        not null,
    form            text,
    facts           text,
    handover_key    text,
    identity_key    text,
    plan_presents   boolean     not null,
    plan_fee        bigint      not null,
    plan_officer    boolean     not null,
    plan_credential boolean     not null,
    transaction_id  text,
    identity_ready  boolean     not null,
    presented       timestamptz,
    bill            text,
    paid            timestamptz,
    decision        text,
    reason          text,
    decided_by      text,
    decided         timestamptz,
    record          uuid unique,
    sealed          timestamptz,
    offer           text,
    issued          timestamptz,
    state           text        not null,
    submitted       timestamptz not null,
    foreign key (service, service_version) references service_version
);
create index application_applicant on application (applicant, position desc);
create index application_agency on application (agency, position desc);

-- Handovers that were read: their blobs are deleted after the commit that says so.
create table handover_spent (
    id     uuid primary key,
    sha256 text not null
);

-- Records that wait to be rendered and signed. The row is deleted in the transaction that stores the record.
create table sealing_job (
    record      uuid primary key,
    application uuid        not null unique,
    agency      text        not null,
    job         text        not null,
    attempts    integer     not null default 0,
    not_before  timestamptz not null default now(),
    created     timestamptz not null default now()
);
create index sealing_job_due on sealing_job (not_before);

-- A sealed record: metadata in the clear, the document in the blob store under a key of its own.
create table record (
    id              uuid primary key,
    application     uuid        not null unique,
    agency          text        not null,
    applicant       text        not null,
    service         text        not null,
    type            text        not null,
    version         integer     not null,
    title_ko        text        not null,
    title_en        text        not null,
    issued          timestamptz not null,
    valid_until     timestamptz not null,
    pdf_sha256      text        not null unique,
    blob            text        not null,
    wrapped_key     bytea       not null,
    record_salt     bytea       not null,
    document_salt   bytea       not null,
    entry           text        not null,
    log_index       bigint,
    credential_id   text,
    handover_id     text,
    handover_sha256 text,
    told            timestamptz
);
create index record_untold on record (agency) where told is null;

-- One log an agency. size and root move only by compare-and-set, so that two sequencers cannot fork it.
create table log (
    agency         text primary key,
    origin         text   not null,
    size           bigint not null check (size >= 0),
    root           bytea  not null,
    published_size bigint not null default -1 check (published_size <= size),
    published_root bytea,
    checkpoint     text
);
create table log_queue (
    position bigint generated always as identity primary key,
    agency   text  not null,
    key      text  not null,
    entry    bytea not null,
    unique (agency, key)
);
create table log_entry (
    agency text   not null references log,
    index  bigint not null,
    key    text   not null,
    entry  bytea  not null,
    primary key (agency, index),
    unique (agency, key)
);
-- Hashes of a tile, 32 bytes each, at most 256; a tile only ever grows to the right.
create table log_tile (
    agency text    not null references log,
    level  integer not null,
    tile   bigint  not null,
    hashes bytea   not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
    primary key (agency, level, tile)
);

-- Where the anchor contract is, and what stands in it.
create table anchor_contract (
    only_one boolean primary key default true check (only_one),
    chain_id bigint not null,
    address  text   not null
);
create table anchor (
    agency           text        not null references log,
    size             bigint      not null,
    root             bytea       not null,
    transaction_hash text        not null,
    block_number     bigint      not null,
    anchored         timestamptz not null,
    primary key (agency, size)
);
