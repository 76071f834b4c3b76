-- As a witness: the latest checkpoint that was cosigned of each known log. Size 0 with the empty root: none yet.
create table witness_log (
    origin   text   primary key check (octet_length(origin) <= 255),
    size     bigint not null check (size >= 0),
    root     bytea  not null check (length(root) = 32),
    note     text,
    cosigned bigint not null
);
-- Whatever a process believes: no second history, nothing smaller, no time that goes back.
create function witness_only_goes_on() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or tg_op = 'TRUNCATE' then
        raise exception 'what was cosigned stays' using errcode = 'integrity_constraint_violation';
    end if;
    if new.origin <> old.origin or new.size < old.size or new.cosigned < old.cosigned
       or (new.size = old.size and new.root <> old.root) then
        raise exception 'the cosigned history of % only goes on', old.origin using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;
create trigger witness_only_goes_on before update on witness_log for each row execute function witness_only_goes_on();
create trigger witness_only_stays before delete or truncate on witness_log for each statement execute function witness_only_goes_on();

-- As a log: how far each witness has cosigned each log, and since when it has not.
create table log_witness (
    agency   text   not null references log,
    witness  text   not null check (length(witness) <= 2000),
    size     bigint not null,
    cosigned timestamptz,
    failing  timestamptz,
    failure  text check (length(failure) <= 300),
    primary key (agency, witness)
);
