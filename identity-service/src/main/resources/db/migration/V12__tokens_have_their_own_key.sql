-- A wallet that authenticates may renew its tokens for another DPoP key (RFC 9449 section 5), so each access token has its own. One that is
-- without, as those from before are, is bound to its grant's.
alter table access_token add column dpop_jkt text;
