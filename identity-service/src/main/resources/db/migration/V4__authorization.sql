-- Codes and transaction codes of offers are computed from the offer's id with a key that is not in the database; tokens are
-- of the grant, below.
alter table credential_offer
    drop column code,
    drop column tx_code,
    drop column token_sha256,
    drop column token_expires_at,
    drop column identifier_granted,
    add column grants text not null default 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

-- What a citizen has allowed a wallet to fetch. Deleted when it ends, and with it all its tokens and what was learnt at sign-in.
-- client_id: null for an anonymous wallet. code_*: the authorization code that it began with; the row outlives its use, so that
-- a second use is noticed. generation: how often the refresh token was rotated.
create table wallet_grant (
    id              uuid        primary key,
    client_id       text,
    holder          text        not null,
    offer           uuid        references credential_offer,
    credentials     text        not null,
    assurance       text,
    sign_in_claims  text,
    dpop_jkt        text,
    attestation_jkt text,
    code_sha256     text        unique,
    code_challenge  text,
    code_redirect   text,
    code_expires_at timestamptz,
    code_used       boolean     not null,
    generation      int         not null,
    rotated_at      timestamptz,
    created         timestamptz not null,
    expires_at      timestamptz not null
);
create index wallet_grant_expiry on wallet_grant (expires_at);
create index wallet_grant_offer on wallet_grant (offer) where offer is not null;

create table access_token (
    sha256     text        primary key,
    grant_id   uuid        not null references wallet_grant on delete cascade,
    expires_at timestamptz not null
);
create index access_token_grant on access_token (grant_id);
create index access_token_expiry on access_token (expires_at);

create table refresh_token (
    sha256     text primary key,
    grant_id   uuid not null references wallet_grant on delete cascade,
    generation int  not null
);
create index refresh_token_grant on refresh_token (grant_id);

-- From the pushed request to the authorization code; deleted then, or when it expires.
-- browser_sha256: the browser that signs in; consent: everything that the code will be for, while the citizen is asked.
create table authorization_request (
    id                 uuid        primary key,
    request_uri_sha256 text        unique,
    client_id          text        not null,
    client_name        text,
    redirect_uri       text        not null,
    state              text,
    code_challenge     text        not null,
    dpop_jkt           text,
    attestation_jkt    text,
    credentials        text        not null,
    offer              uuid        references credential_offer,
    acr                text,
    sign_in_state      text        unique,
    browser_sha256     text,
    consent_sha256     text        unique,
    signed_in          text,
    expires_at         timestamptz not null
);
create index authorization_request_expiry on authorization_request (expires_at);

-- What may be used once: ids of DPoP proofs and of attestations' proofs. Not written to the log, so that remembering costs nothing on
-- the disk. If the database crashes all is forgotten, and the time since when is: then no proof counts whose nonce is older than the
-- next time that is set.
create unlogged table used_once (
    sha256     text        primary key,
    expires_at timestamptz not null
);
create index used_once_expiry on used_once (expires_at);
create unlogged table used_once_since (
    only_row boolean     primary key default true check (only_row),
    since    timestamptz not null
);
