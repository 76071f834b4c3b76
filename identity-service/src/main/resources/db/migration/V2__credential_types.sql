-- Secrets that all instances of the service share: server nonces are authenticated with them, so that giving a nonce writes
-- nothing. A new one is used from active_from on, when every instance has read it, and is deleted when nothing it made can be valid.
create table server_secret (
    id          bigint      generated always as identity primary key,
    secret      bytea       not null,
    active_from timestamptz not null
);

-- name: the last part of the vct, or the doctype. display, claims, key_attestation: JSON.
alter table credential_type rename column vct_name to name;
alter table credential_type
    add column format          text not null default 'dc+sd-jwt',
    add column batch_size      int  not null default 10,
    add column status_bits     int  not null default 2,
    add column acr             text,
    add column source          text not null default 'offer',
    add column key_attestation text;

-- what was declared in the short form: a name and labels in Korean and English
update credential_type set
    display = jsonb_build_array(
        jsonb_build_object('name', display::jsonb ->> 'ko', 'locale', 'ko'),
        jsonb_build_object('name', display::jsonb ->> 'en', 'locale', 'en'))::text,
    claims = (
        select jsonb_agg(jsonb_build_object(
                'path', jsonb_build_array(claim ->> 'name'),
                'display', jsonb_build_array(
                    jsonb_build_object('name', claim -> 'label' ->> 'ko', 'locale', 'ko'),
                    jsonb_build_object('name', claim -> 'label' ->> 'en', 'locale', 'en')),
                'mandatory', false) order by position)::text
        from jsonb_array_elements(claims::jsonb) with ordinality as claim_list (claim, position));

-- The type metadata that is served at a vct, byte for byte: credentials hold its hash (vct#integrity). Once its type is declared anew it
-- stays until no credential with its hash is valid any more. longest_days: the longest validity that such a credential was given.
create table type_document (
    type         text        primary key references credential_type,
    body         text        not null,
    longest_days int         not null,
    until        timestamptz
);

update credential_type set
    display = '[
      {"name": "거주 증명", "locale": "ko", "description": "마당시에 거주함을 증명합니다.", "background_color": "#0b5fa5", "text_color": "#ffffff"},
      {"name": "Proof of residence", "locale": "en", "description": "Shows that its holder lives in Madang.", "background_color": "#0b5fa5", "text_color": "#ffffff"}]'
where id = 'residency';

insert into credential_type (id, agency, format, name, display, claims, validity_days, source) values
('citizen', 'city-hall', 'dc+sd-jwt', 'citizen',
    '[{"name": "마당 시민증", "locale": "ko", "description": "시민 계정의 이름과 생년월일입니다.", "background_color": "#1f6f4a", "text_color": "#ffffff"},
      {"name": "Madang citizen", "locale": "en", "description": "Name and date of birth as the citizen account has them.", "background_color": "#1f6f4a", "text_color": "#ffffff"}]',
    '[{"path": ["family_name"], "mandatory": true, "display": [{"name": "성", "locale": "ko"}, {"name": "Family name", "locale": "en"}]},
      {"path": ["given_name"], "mandatory": true, "display": [{"name": "이름", "locale": "ko"}, {"name": "Given name", "locale": "en"}]},
      {"path": ["birthdate"], "mandatory": false, "display": [{"name": "생년월일", "locale": "ko"}, {"name": "Date of birth", "locale": "en"}]}]',
    365, 'sign_in'),
('citizen-mdoc', 'city-hall', 'mso_mdoc', 'city.madang.citizen.1',
    '[{"name": "마당 시민증", "locale": "ko", "description": "시민 계정의 이름과 생년월일입니다.", "background_color": "#1f6f4a", "text_color": "#ffffff"},
      {"name": "Madang citizen", "locale": "en", "description": "Name and date of birth as the citizen account has them.", "background_color": "#1f6f4a", "text_color": "#ffffff"}]',
    '[{"path": ["city.madang.citizen.1", "family_name"], "mandatory": true, "display": [{"name": "성", "locale": "ko"}, {"name": "Family name", "locale": "en"}]},
      {"path": ["city.madang.citizen.1", "given_name"], "mandatory": true, "display": [{"name": "이름", "locale": "ko"}, {"name": "Given name", "locale": "en"}]},
      {"path": ["city.madang.citizen.1", "birthdate"], "mandatory": false, "display": [{"name": "생년월일", "locale": "ko"}, {"name": "Date of birth", "locale": "en"}]}]',
    365, 'sign_in');

insert into credential_type (id, agency, format, name, display, claims, validity_days)
select 'residency-mdoc', 'city-hall', 'mso_mdoc', 'city.madang.residency.1', display,
    (select jsonb_agg(jsonb_set(claim, '{path}',
                jsonb_build_array('city.madang.residency.1', claim -> 'path' -> 0)) order by position)::text
     from jsonb_array_elements(claims::jsonb) with ordinality as claim_list (claim, position)),
    validity_days
from credential_type where id = 'residency';
