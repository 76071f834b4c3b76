-- Credentials that are to be revoked because the record of their application no longer stands; done by whoever takes the row.
create table revocation_order (
    application uuid        primary key,
    reason      text        not null,
    ordered     timestamptz not null default now()
);
-- what was issued for an application, and what is offered for it
create index issuance_application on issuance (application) where application is not null;
create index credential_offer_application on credential_offer (application) where application is not null;
