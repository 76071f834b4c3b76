-- Entries stand in bundles as they are served (C2SP tlog-tiles, "Log entries"): up to 256, each after its length as a big-endian uint16.
-- A bundle only ever grows to the right. What is random or hashed is not compressed in vain.
create table log_bundle (
    agency  text   not null references log,
    bundle  bigint not null,
    entries bytea  not null,
    primary key (agency, bundle)
);
alter table log_bundle alter column entries set storage external;
alter table log_tile alter column hashes set storage external;

-- Idempotency keys: what was logged by a key, at which indexes. A key stands for one entry, or for a batch of several.
create table log_key (
    agency  text        not null references log,
    key     text        not null check (length(key) <= 200),
    index   bigint      not null,
    entries integer     not null check (entries > 0),
    digest  bytea       not null,
    logged  timestamptz not null,
    primary key (agency, key)
);

insert into log_key (agency, key, index, entries, digest, logged)
select agency, key, index, 1, sha256(entry), now() from log_entry;
insert into log_bundle (agency, bundle, entries)
select agency, index / 256, string_agg(substring(int4send(length(entry)) from 3) || entry, ''::bytea order by index)
  from log_entry
 group by agency, index / 256;
drop table log_entry;

-- Whatever a process believes: neither the log nor what was published of it ever shrinks.
create function log_only_grows() returns trigger language plpgsql as $$
begin
    if new.size < old.size or new.published_size < old.published_size
       or (new.size = old.size and new.root <> old.root)
       or (new.published_size = old.published_size and new.published_root <> old.published_root) then
        raise exception 'the log of % only grows', old.agency using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;
create trigger log_only_grows before update on log for each row execute function log_only_grows();
create function log_never_goes() returns trigger language plpgsql as $$
begin
    raise exception 'what was logged stays' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger log_never_goes before delete or truncate on log for each statement execute function log_never_goes();
create trigger log_never_goes before delete or truncate on log_bundle for each statement execute function log_never_goes();
create trigger log_never_goes before delete or truncate on log_tile for each statement execute function log_never_goes();
create trigger log_never_goes before delete or truncate on log_key for each statement execute function log_never_goes();
