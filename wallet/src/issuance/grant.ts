import type { CredentialOfferObject } from '@openid4vc/openid4vci';

/** One credential request of a grant, so that it is repeated with the same keys and kept under the same id. */
export interface Asked {
  /** Id of the credential that it brings. */
  id: string;
  configuration: string;
  /** `credential_identifier`, when the token named one. */
  identifier?: string;
  /** Names of the keys that are proven, one for each copy. */
  keys: string[];
  /** Of a deferred issuance (OpenID4VCI 1.0 section 9). */
  transaction_id?: string;
  /** Unix milliseconds before which the issuer does not want to be asked. */
  retry_at?: number;
  received: boolean;
}

/**
 * What is known of a right to credentials, from an offer or from a sign-in: enough for a wallet that was interrupted to
 * go on where it was, and to renew the credentials later.
 */
export interface Grant {
  offer?: CredentialOfferObject;
  /** Credential issuer identifier. */
  issuer: string;
  configurations: string[];
  /** Issuer identifier of the authorization server that gave the token. */
  server?: string;
  dpop_key?: string;
  /** Key of the wallet instance, for attestations. */
  instance_key?: string;
  access_token?: string;
  token_type?: string;
  /** Unix milliseconds. */
  token_expires_at?: number;
  refresh_token?: string;
  /** `credential_identifiers` by configuration. */
  identifiers?: Record<string, string[]>;
  asked: Asked[];
}

export function tokenLives(grant: Grant, at = Date.now()): boolean {
  return grant.access_token !== undefined && (grant.token_expires_at ?? 0) > at;
}

/** True when everything that was granted was received. */
export function isFinished(grant: Grant): boolean {
  return grant.configurations.every((configuration) => {
    const asked = grant.asked.filter((each) => each.configuration === configuration);
    return asked.length > 0 && asked.every((each) => each.received);
  });
}
