-- Keys that an account had: a receipt shows the key that signed, which may have been replaced since.
create table key_of_account (
    account     text collate "C" check (is_bytes32(account)) not null references account (id),
    key_version integer not null check (key_version > 0),
    x           text collate "C" check (is_bytes32(x)) not null,
    y           text collate "C" check (is_bytes32(y)) not null,
    primary key (account, key_version)
);
insert into key_of_account select id, key_version, x, y from account where x is not null;

create function keep_key() returns trigger language plpgsql as $$
begin
    if new.x is not null then
        insert into key_of_account values (new.id, new.key_version, new.x, new.y)
        on conflict (account, key_version) do update set x = excluded.x, y = excluded.y
         where (key_of_account.x, key_of_account.y) is distinct from (excluded.x, excluded.y);
    end if;
    return null;
end $$;
-- not with each movement of a balance
create trigger key_of_account_kept after insert or update of x, y, key_version on account
    for each row execute function keep_key();
