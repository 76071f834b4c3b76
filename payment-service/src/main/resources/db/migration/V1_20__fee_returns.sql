-- Fees of applications that ended without a grant: each is cancelled or goes back. That it goes back once is the database's word
-- (transfer_refunded); this remembers what is still to be done.
create table fee_return (
    application text        primary key check (length(application) between 1 and 64),
    -- makes the nonces of its refunds
    position    bigint      generated always as identity unique,
    agency      text        not null,
    ordered     timestamptz not null default now(),
    not_before  timestamptz not null default now(),
    done        timestamptz
);
create index fee_return_open on fee_return (not_before) where done is null;

-- Accounts out of which this service pays fees back for agencies that leave it to it; account is null until it is opened.
create table refund_desk (
    agency  text primary key,
    account text collate "C" references account (id)
);
