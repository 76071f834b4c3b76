-- The trace of the request that brought a payment, so that its settlement continues it; null while nothing is traced.
alter table transfer add column traceparent text;
