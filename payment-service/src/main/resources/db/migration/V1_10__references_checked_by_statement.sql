-- What a statement refers to is looked up once for all its rows, not once for each row and column: foreign keys took most of
-- the time of accepting a payment. The promise is the same, for what is referred to is never deleted.

create function refuse_delete() returns trigger language plpgsql as $$
begin
    raise exception 'what others refer to is never deleted' using errcode = 'restrict_violation';
end $$;
create trigger account_stays before delete or truncate on account for each statement execute function refuse_delete();
create trigger transfer_stays before delete or truncate on transfer for each statement execute function refuse_delete();

create function transfer_refers() returns trigger language plpgsql as $$
begin
    if exists (select from added t where not exists (select from account a where a.id = t.payer)
                                      or not exists (select from account a where a.id = t.payee)) then
        raise exception 'a transfer is between accounts' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;
create trigger transfer_refers after insert on transfer
    referencing new table as added for each statement execute function transfer_refers();
alter table transfer drop constraint transfer_payer_fkey, drop constraint transfer_payee_fkey;

create function entry_refers() returns trigger language plpgsql as $$
begin
    if exists (select from added e
                where e.transfer is not null and not exists (select from transfer t where t.id = e.transfer)) then
        raise exception 'an entry is of a transfer' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;
create trigger entry_refers after insert on entry
    referencing new table as added for each statement execute function entry_refers();
alter table entry drop constraint entry_transfer_fkey, drop constraint entry_transfer_check;

create function posting_refers() returns trigger language plpgsql as $$
begin
    if exists (select from added p where not exists (select from entry e where e.id = p.entry)
                                      or not exists (select from account a where a.id = p.account)) then
        raise exception 'a posting is of an entry and an account' using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;
create trigger posting_refers after insert on posting
    referencing new table as added for each statement execute function posting_refers();
alter table posting drop constraint posting_entry_fkey, drop constraint posting_account_fkey,
    drop constraint posting_account_check;
