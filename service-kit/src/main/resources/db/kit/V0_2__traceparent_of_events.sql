-- The trace in which an event came about (W3C Trace Context level 1, `traceparent`); null while nothing is traced.
alter table outbox add column traceparent text;
