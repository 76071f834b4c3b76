import {
  Openid4vciClient,
  type CredentialOfferObject,
  type IssuerMetadataResult,
} from '@openid4vc/openid4vci';
import { foreign, isUnder } from '../http/origin.js';
import type { RepeatingFetch } from '../http/retry.js';
import { openidCallbacks } from '../openid/callbacks.js';
import { refuse } from '../problem.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';

/** Credentials of one offer that the wallet takes. */
const OFFERED_MAX = 10;
const ISSUER_METADATA = '/.well-known/openid-credential-issuer';
const METADATA_TYPES = 'application/jwt, application/json;q=0.9';

/** Reads offers, and what issuers say of themselves. */
export class Issuers {
  private readonly client: Openid4vciClient;

  constructor(
    private readonly origins: readonly string[],
    fetch: RepeatingFetch,
    anchors: TrustAnchors,
  ) {
    // The library reads signed metadata but leaves asking for them to the wallet.
    const asking = (url: string, init: RequestInit = {}) =>
      fetch(
        url,
        url.includes(ISSUER_METADATA) ? { ...init, headers: { accept: METADATA_TYPES } } : init,
        'always',
      );
    this.client = new Openid4vciClient({ callbacks: openidCallbacks({ fetch: asking, anchors }) });
  }

  /** OpenID4VCI 1.0 section 4.1: an offer by value or by reference, as a URI of any scheme. */
  async offer(uri: string): Promise<CredentialOfferObject> {
    const offer = await this.client.resolveCredentialOffer(uri);
    this.check(offer.credential_issuer, offer.credential_configuration_ids);
    return offer;
  }

  /** Section 12.2: asks for signed metadata; where they are signed, the signer must be under a trust anchor. */
  metadata(issuer: string): Promise<IssuerMetadataResult> {
    return this.client.resolveIssuerMetadata(issuer);
  }

  /** Refuses what the wallet would not ask for. */
  check(issuer: string, configurations: string[]): void {
    if (!isUnder(this.origins, issuer)) throw foreign('The issuer is of another city', issuer);
    if (configurations.length === 0 || configurations.length > OFFERED_MAX)
      throw refuse('offer-not-understood', 'The offer is empty or too long');
  }
}
