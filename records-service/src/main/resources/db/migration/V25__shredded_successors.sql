-- A record that took another's place may be shredded: then the other is still superseded, by nothing that can be named.
alter table record_end drop constraint record_end_check;
alter table record_end add check (kind = 'superseded' or successor is null);
