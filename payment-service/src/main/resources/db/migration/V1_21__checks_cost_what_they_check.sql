-- What a statement's checks cost depends on its rows alone, not on how many the tables have by then.

-- The triggers that look up what a statement refers to were planned to read whole tables where a session's first statement had been
-- a large one: accepting became dearer with each payment. They look each row up by its index, however many there are.
alter function post() set enable_seqscan = off;
alter function transfer_refers() set enable_seqscan = off;
alter function entry_refers() set enable_seqscan = off;
alter function posting_refers() set enable_seqscan = off;
alter function count_added_transfers() set enable_seqscan = off;
alter function count_ended_transfers() set enable_seqscan = off;

-- The same texts as before; building the pattern's automaton anew for each value took a sixth of the time of accepting. What is no
-- hex at all is refused as invalid text.
create or replace function is_bytes32(value text) returns boolean language sql immutable
return octet_length(value) = 66 and value = '0x' || encode(decode(substr(value, 3), 'hex'), 'hex');
