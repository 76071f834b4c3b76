-- Agencies that may issue, verify and seal.
create table agency (
    id          text        primary key,
    name_ko     text        not null,
    name_en     text        not null,
    registered  timestamptz not null
);

-- Every certificate that the city's CA has issued here. The newest of an agency and purpose is the one in use; the older
-- ones stay, because credentials signed with them are still to be recognised.
create table certificate (
    id          uuid        primary key,
    agency      text        not null references agency,
    purpose     text        not null,
    key_sha256  text        not null,
    leaf_sha256 text        not null unique,
    chain       text        not null,
    issued      timestamptz not null,
    not_after   timestamptz not null
);
create index certificate_agency on certificate (agency, purpose, issued);

-- No reference to agency: a type may be known before its owner is registered, but nothing is issued until then.
create table credential_type (
    id            text primary key,
    agency        text not null,
    vct_name      text not null unique,
    display       text not null,
    claims        text not null,
    validity_days int  not null
);

insert into credential_type (id, agency, vct_name, display, claims, validity_days) values (
    'residency', 'city-hall', 'residency',
    '{"ko": "거주 증명", "en": "Proof of residence"}',
    '[{"name": "family_name", "label": {"ko": "성", "en": "Family name"}},
      {"name": "given_name", "label": {"ko": "이름", "en": "Given name"}},
      {"name": "birthdate", "label": {"ko": "생년월일", "en": "Date of birth"}},
      {"name": "street_address", "label": {"ko": "도로명 주소", "en": "Street address"}},
      {"name": "district", "label": {"ko": "자치구", "en": "District"}},
      {"name": "city", "label": {"ko": "시", "en": "City"}}]',
    365);

-- records_key: public JWK to encrypt to. own_key: private JWK, destroyed when the handover is over.
create table application (
    id          uuid primary key,
    service     text not null,
    agency      text not null,
    applicant   text not null,
    records_key text not null,
    own_key     text
);

-- Handovers that were taken and whose blobs are to be deleted after the commit.
create table handover_disposal (
    id     uuid primary key,
    sha256 text not null
);

-- claims, code, tx_code and credentials are personal or secret: emptied as soon as they are of no more use.
create table credential_offer (
    id                 uuid        primary key,
    credential_type    text        not null references credential_type,
    agency             text        not null references agency,
    holder             text        not null,
    application        uuid,
    state              text        not null,
    claims             text,
    code               text        unique,
    tx_code            text,
    wrong_guesses      int         not null,
    created            timestamptz not null,
    expires_at         timestamptz not null,
    token_sha256       text        unique,
    token_expires_at   timestamptz,
    identifier_granted boolean     not null,
    holder_keys        text,
    credentials        text
);
create index credential_offer_holder on credential_offer (holder, id);
create index credential_offer_expiry on credential_offer (expires_at);

create table nonce (
    sha256     text        primary key,
    expires_at timestamptz not null
);
create index nonce_expiry on nonce (expires_at);

-- encryption_key: private JWK made for this request alone. result: disclosed claims, until the agency has read them.
create table presentation (
    id             uuid        primary key,
    agency         text        not null references agency,
    certificate    uuid        not null references certificate,
    application    uuid        references application,
    applicant      text,
    dcql_query     text        not null,
    state          text        not null,
    client_id      text        not null,
    nonce          text        not null,
    wallet_state   text        not null,
    encryption_key text,
    created        timestamptz not null,
    expires_at     timestamptz not null,
    result         text
);
create index presentation_expiry on presentation (expires_at);
create index presentation_application on presentation (application);
