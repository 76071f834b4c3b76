-- What a statement refers to is looked up by its key for each row. "Not exists" under "or" let PostgreSQL read the whole index of
-- accounts, or of entries, into a hash for each statement, however few its rows: most of the time of accepting a small batch, and more with
-- each account and payment. A value that is asked for row by row can't be hashed.

create or replace function transfer_refers() returns trigger language plpgsql as $$
begin
    if exists (select from added t where (select true from account a where a.id = t.payer) is null
                                      or (select true from account a where a.id = t.payee) is null) then
        raise exception 'a transfer is between accounts' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create or replace function entry_refers() returns trigger language plpgsql as $$
begin
    if exists (select from added e
                where e.transfer is not null and (select true from transfer t where t.id = e.transfer) is null) then
        raise exception 'an entry is of a transfer' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create or replace function posting_refers() returns trigger language plpgsql as $$
begin
    if exists (select from added p where (select true from entry e where e.id = p.entry) is null
                                      or (select true from account a where a.id = p.account) is null) then
        raise exception 'a posting is of an entry and an account' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

-- replacing a function takes its settings away
alter function transfer_refers() set enable_seqscan = off;
alter function entry_refers() set enable_seqscan = off;
alter function posting_refers() set enable_seqscan = off;
