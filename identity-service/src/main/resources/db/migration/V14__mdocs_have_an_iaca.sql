-- The city's IACAs (ISO/IEC 18013-5 B.1.2), numbered. Their keys are in the keyring; certificate: base64 DER.
create table iaca (
    number      int         primary key,
    certificate text        not null,
    made        timestamptz not null,
    not_after   timestamptz not null
);

-- iaca: which of them has signed it; null if the agency CA has. Processes of before, which run beside new ones while the service is
-- upgraded, know no such certificates: they go on reading and writing the others under the old name.
alter table certificate rename to agency_certificate;
alter table agency_certificate add column iaca int references iaca;
create index agency_certificate_iaca on agency_certificate (iaca);
create view certificate as
select id, agency, purpose, key_sha256, leaf_sha256, chain, issued, not_after, key_version, revoked_at, revocation_reason
from agency_certificate where iaca is null;

-- Each IACA's list of revoked certificates as it was published, with the next number of all; body: base64 DER. The same in every process.
create table iaca_crl (
    number         bigint      primary key,
    iaca           int         not null references iaca,
    content_sha256 text        not null,
    body           text        not null,
    issued         timestamptz not null,
    next_update    timestamptz not null
);
create index iaca_crl_last on iaca_crl (iaca, number);

-- mdoc: whether its places are those of mdocs whose signers come from the IACA; then its CWT is signed under the IACA too.
alter table status_list add column mdoc boolean not null default false;
