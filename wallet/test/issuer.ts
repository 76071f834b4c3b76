import { Oauth2AuthorizationServer, type AuthorizationServerMetadata } from '@openid4vc/oauth2';
import { Openid4vciIssuer, Openid4vciVersion, type IssuerMetadataResult } from '@openid4vc/openid4vci';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { createHash, randomBytes } from 'node:crypto';
import { hashFor } from '../src/issuance/sd-jwt-vc.js';
import { publicKeyOf, signText, verifyText, type PublicKey } from '../src/keys/p256.js';
import { openidCallbacks } from '../src/openid/callbacks.js';
import type { City } from './city.js';
import type { Entity } from './pki.js';

export const RESIDENCY = {
  family_name: '김',
  given_name: '민지',
  birthdate: '1994-05-02',
  street_address: '세종대로 110',
  district: '중구',
  city: '서울',
};
export const TX_CODE = '493536';

/** Signs an SD-JWT VC of type residency, every claim selectively disclosable. */
export async function issueResidency(
  city: City,
  holder: PublicKey,
  changes: { issuer?: Entity; x5c?: string[] } = {},
): Promise<string> {
  const issuer = changes.issuer ?? city.pki.agency;
  const instance = new SDJwtVcInstance({
    hasher: hashFor,
    hashAlg: 'sha-256',
    saltGenerator: (length) => randomBytes(length).toString('base64url'),
    signer: (text) => signText(issuer.key, text),
    signAlg: 'ES256',
  });
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    ...RESIDENCY,
    vct: `${city.origin}/identity/vct/residency`,
    iat: now,
    exp: now + 3600,
    cnf: { jwk: publicKeyOf(holder) },
  };
  return instance.issue(
    payload,
    { _sd: Object.keys(RESIDENCY) as (keyof typeof RESIDENCY)[] },
    { header: { x5c: changes.x5c ?? city.pki.x5c } },
  );
}

/** An issuer at `<origin>/identity`, made of the server side of the OpenID4VC libraries. */
export class Issuer {
  readonly metadata: IssuerMetadataResult;
  readonly nonces = new Set<string>();
  readonly codes = new Map([['code-1', TX_CODE]]);
  readonly tokens = new Set<string>();
  /** Holder keys of the credentials that were signed. */
  readonly holders: string[] = [];
  changes: { issuer?: Entity; x5c?: string[]; holder?: PublicKey } = {};
  private readonly issuer: Openid4vciIssuer;
  private readonly server: Oauth2AuthorizationServer;

  constructor(private readonly city: City) {
    const callbacks = {
      ...openidCallbacks({ fetch: () => Promise.reject(new Error('the issuer calls nobody')) }),
      verifyJwt: async (signer: { method: string; publicJwk?: unknown }, jwt: { compact: string }) => {
        const key = signer.publicJwk as PublicKey & { [member: string]: string };
        const [header, payload, signature] = jwt.compact.split('.');
        const verified = await verifyText(key, `${header}.${payload}`, signature!);
        return verified ? { verified, signerJwk: key } : { verified };
      },
    } as ReturnType<typeof openidCallbacks>;
    this.issuer = new Openid4vciIssuer({ callbacks });
    this.server = new Oauth2AuthorizationServer({ callbacks });
    const at = `${city.origin}/identity`;
    const credentialIssuer = this.issuer.createCredentialIssuerMetadata({
      credential_issuer: at,
      authorization_servers: [at],
      batch_credential_issuance: { batch_size: 20 },
      display: [{ name: '마당시', locale: 'ko' }],
      credential_endpoint: `${at}/credential`,
      nonce_endpoint: `${at}/nonce`,
      credential_configurations_supported: {
        residency: {
          format: 'dc+sd-jwt',
          vct: `${at}/vct/residency`,
          scope: 'residency',
          cryptographic_binding_methods_supported: ['jwk'],
          credential_signing_alg_values_supported: ['ES256'],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
          credential_metadata: {
            display: [{ name: 'Residency', locale: 'en' }],
            claims: [{ path: ['district'], display: [{ name: 'District', locale: 'en' }] }],
          },
        },
      },
    });
    const authorizationServer = {
      issuer: at,
      token_endpoint: `${at}/token`,
      jwks_uri: `${at}/jwks`,
      response_types_supported: ['none'],
      token_endpoint_auth_methods_supported: ['none'],
      authorization_details_types_supported: ['openid_credential'],
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:pre-authorized_code'],
      'pre-authorized_grant_anonymous_access_supported': true,
    } as AuthorizationServerMetadata;
    this.metadata = {
      originalDraftVersion: Openid4vciVersion.V1,
      credentialIssuer,
      authorizationServers: [authorizationServer],
      knownCredentialConfigurations: this.issuer.getKnownCredentialConfigurationsSupported(credentialIssuer),
    } as IssuerMetadataResult;
    this.serve(authorizationServer);
  }

  /** The offer by value and by reference. */
  async offer(): Promise<{ byValue: string; byReference: string }> {
    const grants = {
      'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
        'pre-authorized_code': 'code-1',
        tx_code: { input_mode: 'numeric' as const, length: 6 },
      },
    };
    const wanted = { credentialConfigurationIds: ['residency'], grants, issuerMetadata: this.metadata };
    const { credentialOffer: byValue, credentialOfferObject } =
      await this.issuer.createCredentialOffer(wanted);
    this.city.on('GET', '/identity/offer/1', () => ({ json: credentialOfferObject }));
    const credentialOfferUri = `${this.city.origin}/identity/offer/1`;
    const { credentialOffer: byReference } = await this.issuer.createCredentialOffer({
      ...wanted,
      credentialOfferUri,
    });
    return { byValue, byReference };
  }

  private serve(server: AuthorizationServerMetadata): void {
    const { city } = this;
    city.on('GET', '/.well-known/openid-credential-issuer/identity', () => ({
      json: this.metadata.credentialIssuer,
    }));
    city.on('GET', '/.well-known/oauth-authorization-server/identity', () => ({ json: server }));
    city.on('POST', '/identity/nonce', () => {
      const nonce = randomBytes(16).toString('base64url');
      this.nonces.add(nonce);
      return {
        json: this.issuer.createNonceResponse({ cNonce: nonce }),
        headers: { 'cache-control': 'no-store' },
      };
    });
    city.on('POST', '/identity/token', async (asked) => {
      const request = { method: 'POST' as const, url: server.token_endpoint, headers: new Headers() };
      const parsed = this.server.parseAccessTokenRequest({
        request,
        accessTokenRequest: Object.fromEntries(new URLSearchParams(asked.body)),
      });
      const { grant, accessTokenRequest } = parsed;
      if (grant.grantType !== 'urn:ietf:params:oauth:grant-type:pre-authorized_code')
        return { status: 400, json: { error: 'unsupported_grant_type' } };
      const expectedTxCode = this.codes.get(grant.preAuthorizedCode);
      const options = { authorizationServerMetadata: server, grant, accessTokenRequest, request };
      try {
        if (expectedTxCode === undefined) throw new Error('no such code');
        await this.server.verifyPreAuthorizedCodeAccessTokenRequest({
          ...options,
          expectedPreAuthorizedCode: grant.preAuthorizedCode,
          expectedTxCode,
        });
      } catch {
        return { status: 400, json: { error: 'invalid_grant' } };
      }
      this.codes.delete(grant.preAuthorizedCode);
      const access_token = randomBytes(16).toString('base64url');
      this.tokens.add(access_token);
      return { json: { access_token, token_type: 'Bearer', expires_in: 300 } };
    });
    city.on('POST', '/identity/credential', async (asked) => {
      const token = String(asked.headers['authorization']).replace('Bearer ', '');
      if (!this.tokens.has(token)) return { status: 401, json: { error: 'invalid_token' } };
      const { proofs, credentialRequest } = this.issuer.parseCredentialRequest({
        credentialRequest: JSON.parse(asked.body),
        issuerMetadata: this.metadata,
      });
      if (credentialRequest.proof !== undefined || proofs?.jwt?.length !== 1)
        return { status: 400, json: { error: 'invalid_proof' } };
      const nonce = (
        JSON.parse(Buffer.from(proofs.jwt[0]!.split('.')[1]!, 'base64url').toString()) as { nonce: string }
      ).nonce;
      if (!this.nonces.delete(nonce)) return { status: 400, json: { error: 'invalid_nonce' } };
      const { signer } = await this.issuer.verifyCredentialRequestJwtProof({
        jwt: proofs.jwt[0]!,
        issuerMetadata: this.metadata,
        expectedNonce: nonce,
      });
      const holder = signer.publicJwk as unknown as PublicKey;
      this.holders.push(
        createHash('sha256')
          .update(holder.x + holder.y)
          .digest('hex'),
      );
      const credential = await issueResidency(city, this.changes.holder ?? holder, this.changes);
      return {
        json: this.issuer.createCredentialResponse({
          credentialRequest: { credentialConfigurationId: 'residency', credentialRequest, proofs } as never,
          credentials: [{ credential }],
        } as never),
      };
    });
  }
}
