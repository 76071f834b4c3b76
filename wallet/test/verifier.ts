import {
  calculateJwkThumbprint,
  compactDecrypt,
  CompactEncrypt,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWK,
} from 'jose';
import { createHash, randomBytes } from 'node:crypto';
import type { City } from './city.js';
import { DOCTYPE, NAMESPACE, readDeviceResponse } from './mdoc.js';
import type { Entity } from './pki.js';

export interface Changes {
  signer?: Entity;
  x5c?: string[];
  clientId?: string;
  payload?: Record<string, unknown>;
  header?: Record<string, unknown>;
  tamper?: (jwt: string) => string;
  method?: 'post';
  claims?: (string | number | null)[][];
  query?: unknown;
  /** `direct_post` or (as without) `direct_post.jwt`. */
  mode?: string;
  /** Encrypts the request object to the wallet's key; a compression that it does not want, with `zip`. */
  sealed?: 'plain' | 'zip';
  /** Content encryption that the verifier takes. */
  encs?: string[];
}

/** A verifier at the city's address that writes its request objects by hand, so that a test can write them wrong. */
export class Verifier {
  readonly nonce = randomBytes(16).toString('base64url');
  readonly state = randomBytes(8).toString('base64url');
  readonly encryption: Promise<{ jwk: JWK; privateKey: CryptoKey }>;
  clientId: string;
  answers: string[] = [];

  constructor(private readonly city: City) {
    this.clientId = clientIdOf(city.pki.agency);
    this.encryption = generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true }).then(
      async ({ publicKey, privateKey }) => ({
        jwk: { ...(await exportJWK(publicKey)), kid: 'enc-1', use: 'enc', alg: 'ECDH-ES' },
        privateKey: privateKey as CryptoKey,
      }),
    );
  }

  /** Publishes a request and gives the `openid4vp://` address that a person would be shown. */
  async request(changes: Changes = {}): Promise<string> {
    const { city } = this;
    const signer = changes.signer ?? city.pki.agency;
    this.clientId = changes.clientId ?? clientIdOf(signer);
    const { jwk } = await this.encryption;
    const payload = (walletNonce?: string) => ({
      iss: this.clientId,
      aud: 'https://self-issued.me/v2',
      client_id: this.clientId,
      response_type: 'vp_token',
      response_mode: changes.mode ?? 'direct_post.jwt',
      response_uri: `${city.origin}/identity/response/1`,
      nonce: this.nonce,
      state: this.state,
      exp: Math.floor(Date.now() / 1000) + 300,
      dcql_query: changes.query ?? this.residencyQuery(changes.claims ?? [['street_address'], ['district']]),
      client_metadata: {
        client_name: 'City Hall',
        jwks: { keys: [jwk] },
        encrypted_response_enc_values_supported: changes.encs ?? ['A128GCM', 'A256GCM'],
        vp_formats_supported: {
          mso_mdoc: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
          'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        },
      },
      ...(walletNonce ? { wallet_nonce: walletNonce } : {}),
      ...changes.payload,
    });
    const signed = async (walletNonce?: string) => {
      const header = {
        alg: 'ES256',
        typ: 'oauth-authz-req+jwt',
        x5c: changes.x5c ?? [signer.der, city.pki.intermediate.der],
        ...changes.header,
      };
      const jwt = await new SignJWT(payload(walletNonce))
        .setProtectedHeader(header)
        .sign(await importJWK(signer.key as JWK, 'ES256'));
      return {
        text: changes.tamper ? changes.tamper(jwt) : jwt,
        headers: { 'content-type': 'application/oauth-authz-req+jwt' },
      };
    };
    city.on('GET', '/identity/request/1', () => (changes.method === 'post' ? { status: 405 } : signed()));
    city.on('POST', '/identity/request/1', async (asked) => {
      const form = new URLSearchParams(asked.body);
      const answer = await signed(form.get('wallet_nonce') ?? undefined);
      if (!changes.sealed) return answer;
      const [key] = JSON.parse(form.get('wallet_metadata')!).jwks.keys as [JWK];
      const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid: key.kid!, cty: 'oauth-authz-req+jwt' };
      const jwe = await new CompactEncrypt(Buffer.from(answer.text))
        .setProtectedHeader(changes.sealed === 'zip' ? { ...header, zip: 'DEF' } : header)
        .encrypt(await importJWK(key, 'ECDH-ES'));
      return { ...answer, text: jwe };
    });
    city.on('POST', '/identity/response/1', (asked) => {
      this.answers.push(asked.body);
      return { json: { redirect_uri: `${city.origin}/done` } };
    });
    const query = new URLSearchParams({
      client_id: this.clientId,
      request_uri: `${city.origin}/identity/request/1`,
    });
    if (changes.method) query.set('request_uri_method', changes.method);
    return `openid4vp://?${query.toString()}`;
  }

  residencyQuery(claims: (string | number | null)[][]): unknown {
    const meta = { vct_values: [`${this.city.origin}/identity/vct/residency`] };
    return {
      credentials: [{ id: 'residency', format: 'dc+sd-jwt', meta, claims: claims.map((path) => ({ path })) }],
    };
  }

  permitQuery(elements: string[], more: object = {}): { id: string; [member: string]: unknown } {
    const claims = elements.map((element) => ({ path: [NAMESPACE, element] }));
    return { id: 'permit', format: 'mso_mdoc', meta: { doctype_value: DOCTYPE }, claims, ...more };
  }

  /** Reads the key binding JWT of an SD-JWT presentation, which it verifies with the key that the credential names. */
  async keyBinding(presentation: string): Promise<Record<string, unknown>> {
    const jwt = presentation.split('~').at(-1)!;
    const { cnf } = decodeJwt(presentation.split('~')[0]!) as unknown as { cnf: { jwk: JWK } };
    const options = { typ: 'kb+jwt', audience: this.clientId };
    const { payload } = await jwtVerify(jwt, await importJWK(cnf.jwk, 'ES256'), options);
    const hashed = presentation.slice(0, presentation.lastIndexOf('~') + 1);
    if (payload['sd_hash'] !== createHash('sha256').update(hashed).digest('base64url'))
      throw new Error('sd_hash');
    if (payload['nonce'] !== this.nonce) throw new Error('nonce');
    return payload;
  }

  /** Verifies a device response against this request, and gives what it shows. */
  async permit(presentation: string, encrypted = true): Promise<Record<string, unknown>> {
    const { kty, crv, x, y } = (await this.encryption).jwk;
    const thumbprint = Buffer.from(await calculateJwkThumbprint({ kty, crv, x, y } as JWK), 'base64url');
    const { doctype, elements } = await readDeviceResponse(presentation, {
      clientId: this.clientId,
      nonce: this.nonce,
      responseUri: `${this.city.origin}/identity/response/1`,
      ...(encrypted ? { jwkThumbprint: Uint8Array.from(thumbprint) } : {}),
    });
    if (doctype !== DOCTYPE) throw new Error(doctype);
    return elements;
  }

  /** Decrypts the last answer. */
  async opened(): Promise<{
    header: Record<string, unknown>;
    payload: { vp_token: Record<string, string[]>; state: string };
  }> {
    const form = new URLSearchParams(this.answers.at(-1));
    const { plaintext, protectedHeader } = await compactDecrypt(
      form.get('response')!,
      (await this.encryption).privateKey,
    );
    return { header: { ...protectedHeader }, payload: JSON.parse(new TextDecoder().decode(plaintext)) };
  }
}

export function clientIdOf(entity: Entity): string {
  return `x509_hash:${createHash('sha256').update(Buffer.from(entity.der, 'base64')).digest('base64url')}`;
}
