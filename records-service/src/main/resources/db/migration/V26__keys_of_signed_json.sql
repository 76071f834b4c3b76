-- The key of a record's JSON is wrapped, rotated and destroyed as that of its PDF is.
update record_json set wrapped_key = '\x00000001'::bytea || wrapped_key where length(wrapped_key) = 40;
alter table record_json add column key_version integer generated always as
    (get_byte(wrapped_key, 0) * 16777216 + get_byte(wrapped_key, 1) * 65536 + get_byte(wrapped_key, 2) * 256 + get_byte(wrapped_key, 3)) stored;
alter table record_json add foreign key (agency, key_version) references wrapping_key;
create index record_json_key_version on record_json (agency, key_version);
