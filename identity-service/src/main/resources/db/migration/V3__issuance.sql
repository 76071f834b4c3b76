-- One row for each issuance: a batch of copies of one credential, each bound to a key of its own. No claim is kept.
-- id: also the notification_id. holder_keys_sha256: of the sorted thumbprints of the keys. status_indexes: one for each copy, in the list status_list.
-- answer: the credentials, encrypted with a key that only the access token gives, while a lost answer may be fetched again.
create table issuance (
    id                 uuid        primary key,
    credential_type    text        not null references credential_type,
    agency             text        not null,
    holder             text        not null,
    grant_id           uuid,
    offer              uuid        references credential_offer,
    application        uuid,
    format             text        not null,
    holder_keys_sha256 text        not null,
    status_list        uuid,
    status_indexes     int[]       not null default '{}',
    issued_at          timestamptz not null,
    expires_at         timestamptz not null,
    status             text        not null default 'valid',
    answer             bytea,
    answer_until       timestamptz,
    notified           text
);
-- an offer is issued once; the same keys under the same grant get the same answer
create unique index issuance_offer on issuance (offer) where offer is not null;
create unique index issuance_keys on issuance (grant_id, credential_type, holder_keys_sha256) where answer is not null;
create index issuance_holder on issuance (holder, issued_at);
create index issuance_agency on issuance (agency, id);
create index issuance_answer on issuance (answer_until) where answer is not null;
create index issuance_status on issuance (status_list) where status <> 'valid';

-- What an agency has yet to decide: a wallet's request for a credential that no offer holds claims for.
-- keys: the holder's public keys (JWK set), to which the credentials will be bound. claims: personal, only while ready.
create table credential_request (
    id                    uuid        primary key,
    transaction_id_sha256 text        not null unique,
    credential_type       text        not null references credential_type,
    agency                text        not null,
    holder                text        not null,
    grant_id              uuid        not null,
    holder_keys_sha256    text        not null,
    keys                  text        not null,
    state                 text        not null,
    claims                text,
    reason                text,
    issuance              uuid        references issuance,
    created               timestamptz not null,
    expires_at            timestamptz not null
);
create unique index credential_request_once on credential_request (grant_id, credential_type, holder_keys_sha256)
    where state in ('pending', 'ready');
create index credential_request_agency on credential_request (agency, id);
create index credential_request_expiry on credential_request (expires_at);

-- Nonces that were used, until they would have expired: a nonce carries its own proof that it came from here.
drop table nonce;
create table used_nonce (
    sha256     text        primary key,
    expires_at timestamptz not null
);
create index used_nonce_expiry on used_nonce (expires_at);

-- the issuance itself knows to which keys, and holds the answer
alter table credential_offer drop column holder_keys, drop column credentials;
