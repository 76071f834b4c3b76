-- revoked_at: since when the agency may do nothing any more; null again once it is reinstated. revocation_reason: a code.
alter table agency
    add column revoked_at        timestamptz,
    add column revocation_reason text;

-- key_version: which of the agency's keys in this service's keyring is certified; null if someone else holds the key (the agency, or
-- the service that seals). Of the versions the highest is the one in use. revoked_at: since when nothing that the key signed is
-- trusted any more.
alter table certificate
    add column key_version       int,
    add column revoked_at        timestamptz,
    add column revocation_reason text;
update certificate set key_version = 1 where purpose in ('credential-issuer', 'verifier');

-- A key is one agency's, for one purpose, for ever.
create table certified_key (
    sha256  text primary key,
    agency  text not null references agency,
    purpose text not null
);
insert into certified_key (sha256, agency, purpose)
select distinct on (key_sha256) key_sha256, agency, purpose from certificate order by key_sha256, issued;

-- What the registrar lets an agency do; without a row: issue its own types and ask for their claims, and nothing else.
-- own_types: whether that stays so besides what is listed. issues, asks: JSON.
create table agency_rights (
    agency    text        primary key references agency,
    own_types boolean     not null,
    issues    text        not null,
    asks      text        not null,
    set_at    timestamptz not null
);

-- How an agency signs in: what its client at the OpenID provider is to be. version counts changes of that; applied is the version that
-- the provider has. next_try: when it is to be brought there, or looked at, the next time. leased_until: one process at a time does that.
create table agency_client (
    agency       text        primary key references agency,
    jwks         text        not null,
    jwks_uri     text,
    enabled      boolean     not null,
    version      bigint      not null,
    applied      bigint      not null,
    failures     int         not null,
    problem      text,
    next_try     timestamptz not null,
    leased_until timestamptz,
    set_at       timestamptz not null
);
create index agency_client_due on agency_client (next_try);

-- Who changed what about an agency, and when; detail holds codes and hashes of keys. actor: sub of the token.
create table agency_change (
    id         bigint      generated always as identity primary key,
    agency     text        not null references agency,
    change     text        not null,
    detail     text,
    note       text,
    actor      text        not null,
    actor_role text        not null,
    changed_at timestamptz not null
);
create index agency_change_agency on agency_change (agency, id);

-- The trust list as it was published, each with the next number; body: compact JWS. The same in every process.
create table trust_list (
    sequence       bigint      primary key,
    content_sha256 text        not null,
    signer_sha256  text        not null,
    body           text        not null,
    issued         timestamptz not null,
    next_update    timestamptz not null
);
