-- Documents that applicants send along with an application. Until an application names it, such a document is unattached, and it is destroyed when its
-- retain_until has passed, which is then soon.
alter table upload add column by_applicant boolean not null default false;
create index upload_of_applicant on upload (announced_by) where by_applicant;

alter table document add column unattached boolean not null default false;
create index document_unattached on document (subject) where unattached;

-- A document that is destroyed takes its line along: no application names it any more.
create table application_attachment (
    application uuid not null references application,
    name        text not null,
    document    uuid not null unique references document on delete cascade,
    primary key (application, name)
);
