-- Events that this service has decided to tell, in the order in which they were written.
-- A row leaves the table once Kafka has acknowledged it.
create table outbox (
    position   bigint generated always as identity primary key,
    id         uuid        not null unique,
    type       text        not null,
    subject    text        not null,
    happened   timestamptz not null,
    data       text        not null
);

-- Events that this service has taken: inserted in the transaction of their effect.
create table inbox (
    source     text        not null,
    id         uuid        not null,
    taken      timestamptz not null default now(),
    primary key (source, id)
);
create index inbox_taken on inbox (taken);
