-- A job is leased to a worker while it makes the record; a lease that has run out is another's to take.
alter table sealing_job add column lease uuid;
alter table sealing_job add column leased_until timestamptz;

-- The same record for machines, signed as JAdES, under a key of its own. Goes with the record when that is shredded.
create table record_json (
    id          uuid primary key references record on delete cascade,
    agency      text  not null,
    sha256      text  not null unique,
    blob        text  not null,
    wrapped_key bytea not null
);
