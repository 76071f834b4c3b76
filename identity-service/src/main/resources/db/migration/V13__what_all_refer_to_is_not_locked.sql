-- Agencies and types of credentials are referred to by every offer, issuance and presentation. A foreign key locks the row that it refers to; where
-- several transactions lock one row, each writes anew who holds it (a multixact): a quarter of what noting an issuance cost PostgreSQL, more
-- with each that runs at once. Neither table loses a row or changes an id, so looking is enough.

create function refuse_removal() returns trigger language plpgsql as $$
begin
    raise exception 'what others refer to stays as it is' using errcode = 'restrict_violation';
end $$;
create trigger agency_stays before delete or truncate on agency for each statement execute function refuse_removal();
create trigger agency_keeps_its_id before update of id on agency for each statement execute function refuse_removal();
create trigger credential_type_stays before delete or truncate on credential_type for each statement execute function refuse_removal();
create trigger credential_type_keeps_its_id before update of id on credential_type for each statement execute function refuse_removal();

create function refers_to_type() returns trigger language plpgsql as $$
begin
    if not exists (select from credential_type where id = new.credential_type) then
        raise exception 'there is no such type of credential' using errcode = 'foreign_key_violation';
    end if;
    return new;
end $$;
create function refers_to_agency() returns trigger language plpgsql as $$
begin
    if not exists (select from agency where id = new.agency) then
        raise exception 'there is no such agency' using errcode = 'foreign_key_violation';
    end if;
    return new;
end $$;

alter table issuance drop constraint issuance_credential_type_fkey;
create trigger issuance_of_type before insert or update of credential_type on issuance for each row execute function refers_to_type();
alter table credential_offer drop constraint credential_offer_credential_type_fkey, drop constraint credential_offer_agency_fkey;
create trigger credential_offer_of_type before insert or update of credential_type on credential_offer
    for each row execute function refers_to_type();
create trigger credential_offer_of_agency before insert or update of agency on credential_offer
    for each row execute function refers_to_agency();
alter table presentation drop constraint presentation_agency_fkey;
create trigger presentation_of_agency before insert or update of agency on presentation
    for each row execute function refers_to_agency();
