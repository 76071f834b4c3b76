-- What an anchor cost; unknown for those that were made before it was noted.
alter table anchor add column gas_used bigint check (gas_used > 0);
