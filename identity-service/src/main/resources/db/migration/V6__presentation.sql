-- transaction_data: JSON array of the texts in the request. redirect_uri: where the browser returns; then response_code_sha256 and
-- browser_sha256 bind the result to it. encryption_key and result are encrypted with a key that the database does not hold.
-- failed_*: the check at which the last refused answer failed. wallet_error: the code with which a wallet declined.
alter table presentation
    add column client_id_prefix     text not null default 'x509_hash',
    add column response_mode        text not null default 'direct_post.jwt',
    add column key_thumbprint       text,
    add column transaction_data     text,
    add column redirect_uri         text,
    add column response_code_sha256 text,
    add column browser_sha256       text,
    add column failed_step          text,
    add column failed_reason        text,
    add column failed_at            timestamptz,
    add column wallet_error         text;
