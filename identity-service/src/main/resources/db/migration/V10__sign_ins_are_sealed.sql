-- What a sign-in said of a citizen is sealed from now on. Whoever signed in before this signs in once more.
update wallet_grant set sign_in_claims = null, expires_at = least(expires_at, now()) where sign_in_claims is not null;
update authorization_request set signed_in = null, consent_sha256 = null where signed_in is not null;
