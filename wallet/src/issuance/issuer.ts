import type { AuthorizationServerMetadata } from '@openid4vc/oauth2';
import type { IssuerMetadataResult } from '@openid4vc/openid4vci';
import { refuse } from '../problem.js';
import { FORMATS, MDOC, type CredentialFormat } from './formats.js';

/** What something is called in one language. */
export interface Display {
  name: string;
  locale?: string;
}

/** How a credential is asked for: one entry of `credential_configurations_supported`. */
export interface Configuration {
  id: string;
  format: CredentialFormat;
  /** vct or doctype. */
  type: string;
  scope: string | undefined;
  display: Display[];
  /** `jwk`, `cose_key`, `did:jwk`…; empty when the issuer does not say. */
  bindings: string[];
  proofs: Record<string, { key_attestations_required?: unknown } | undefined> | undefined;
}

export const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
export const AUTHORIZATION_CODE = 'authorization_code';

/** Finds a configuration that the wallet can take. */
export function configurationOf(issuer: IssuerMetadataResult, id: string): Configuration {
  const found = issuer.credentialIssuer.credential_configurations_supported[id] as
    Record<string, unknown> | undefined;
  if (!found) throw refuse('offer-not-understood', 'The issuer does not know that credential', id);
  const format = found['format'] as CredentialFormat;
  if (!FORMATS.includes(format))
    throw refuse('offer-not-understood', 'The wallet takes SD-JWT VC and mdoc only', String(format));
  const type = found[format === MDOC ? 'doctype' : 'vct'];
  if (typeof type !== 'string')
    throw refuse('offer-not-understood', 'The issuer does not say what type it issues', id);
  const metadata = found['credential_metadata'] as { display?: unknown } | undefined;
  const display = metadata?.display ?? found['display'];
  const bindings = found['cryptographic_binding_methods_supported'];
  return {
    id,
    format,
    type,
    scope: typeof found['scope'] === 'string' ? found['scope'] : undefined,
    display: Array.isArray(display) ? (display as Display[]) : [],
    bindings: Array.isArray(bindings) ? (bindings as string[]) : [],
    proofs: found['proof_types_supported'] as Configuration['proofs'],
  };
}

/**
 * The authorization server for a grant: the one that the offer names, which the issuer must name too (OpenID4VCI 1.0
 * section 4.1.1), else the first that takes the grant.
 */
export function serverFor(
  issuer: IssuerMetadataResult,
  grant: string,
  named: string | undefined,
): AuthorizationServerMetadata {
  const servers = issuer.authorizationServers;
  const found = named
    ? servers.find((server) => server.issuer === named)
    : (servers.find((server) => server.grant_types_supported?.includes(grant)) ?? servers[0]);
  if (!found)
    throw refuse(
      'offer-not-understood',
      'The issuer does not name the authorization server of the offer',
      named,
    );
  return found;
}
