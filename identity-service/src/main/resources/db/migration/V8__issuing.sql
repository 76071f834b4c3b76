-- A browser may come more than once with a pushed request, until its citizen has come back from the sign-in or this time is over.
alter table authorization_request add column request_uri_expires_at timestamptz;
update authorization_request set request_uri_expires_at = expires_at where request_uri_sha256 is not null;

-- When its agency withdrew a type: nothing is issued any more, and what was issued stays what it is.
alter table credential_type add column withdrawn_at timestamptz;
