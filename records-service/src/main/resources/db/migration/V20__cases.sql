-- The course of an application made complete: review and its clock, questions, appeal, ends other than a grant, renewal.

alter table application
    add column plan_rule        boolean not null default false,
    add column plan_appeal_days integer not null default 0 check (plan_appeal_days >= 0),
    -- the record that this application renews
    add column renews           uuid references record,
    add column round            integer not null default 1 check (round in (1, 2)),
    -- subject of the officer who has claimed the review, or has decided it; and of who must not decide it
    add column officer          text,
    add column not_by           text,
    add column questions        integer not null default 0 check (questions >= 0),
    -- when time alone moves it on
    add column deadline         timestamptz,
    -- the service level: working time that has passed until the clock last stopped, since when it runs, when it is due
    add column clock_spent_ms   bigint not null default 0 check (clock_spent_ms >= 0),
    add column clock_since      timestamptz,
    add column due              timestamptz,
    add column fee              text,
    add column fee_returned     timestamptz,
    add column outcome          text check (outcome in ('REFUSED', 'WITHDRAWN', 'EXPIRED', 'FAILED')),
    add column closed           timestamptz;
update application
   set fee = case when plan_fee = 0 then 'NONE' when paid is not null then 'PAID' when bill is not null then 'BILLED'
                  else 'UNBILLED' end,
       outcome = case when state = 'REFUSED' then 'REFUSED' end,
       closed = case when state = 'REFUSED' then coalesce(decided, now()) end,
       deadline = case when state = 'SUBMITTED' then submitted + interval '7 days' end;
alter table application
    alter column fee set not null,
    add constraint application_fee
        check (fee in ('NONE', 'UNBILLED', 'BILLED', 'PAID', 'CANCELLED', 'RETURNED') and (fee = 'NONE') = (plan_fee = 0)),
    add constraint application_closed check ((outcome is null) = (closed is null)),
    -- never both a refund and a record: the fee goes back only for what has closed, and what has closed has no record unless
    -- something failed after it was granted, and then the record is revoked first
    add constraint application_fee_or_record check (fee <> 'RETURNED' or outcome is not null),
    add constraint application_closed_without_record check (outcome is null or outcome = 'FAILED' or record is null);
drop index application_open;
create index application_open on application (state)
    where state not in ('COMPLETED', 'REFUSED', 'WITHDRAWN', 'EXPIRED', 'FAILED');
create index application_deadline on application (deadline) where deadline is not null;
-- the officers' queue: what is due first comes first, what has no service level last
create index application_queue on application (agency, (coalesce(due, 'infinity'::timestamptz)), id)
    where state in ('DECIDING', 'ASKED');
-- a record is renewed by one application at a time, and once
create unique index application_renews on application (renews) where renews is not null and outcome is null;

-- What happened to an application, as its applicant and its agency are shown it. text is data of a person (a question, an answer,
-- a reason): erased when the application has ended, a reason excepted.
create table application_entry (
    application uuid        not null references application,
    number      integer     not null check (number between 1 and 500),
    kind        text        not null check (length(kind) between 1 and 40),
    actor       text        not null check (actor in ('applicant', 'officer', 'city')),
    text        text        check (length(text) between 1 and 2000),
    until       timestamptz,
    at          timestamptz not null,
    primary key (application, number)
);

-- Records that no longer stand. The log says so before anybody is told.
create table record_end (
    record    uuid        primary key references record,
    kind      text        not null check (kind in ('superseded', 'revoked')),
    successor uuid        references record,
    entry     text        not null,
    log_index bigint,
    noted     timestamptz not null default now(),
    told      timestamptz,
    check ((kind = 'superseded') = (successor is not null))
);
create index record_end_untold on record_end (record) where told is null;
