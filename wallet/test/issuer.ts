import { Openid4vciIssuer, Openid4vciVersion, type IssuerMetadataResult } from '@openid4vc/openid4vci';
import { createHeaderAndPayload, StatusList } from '@sd-jwt/jwt-status-list';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import {
  compactDecrypt,
  CompactEncrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  importX509,
  jwtVerify,
  SignJWT,
  type JWK,
} from 'jose';
import { createHash, createPublicKey, randomBytes } from 'node:crypto';
import { hashFor } from '../src/issuance/sd-jwt-vc.js';
import { publicKeyOf, signText, verifyText, type PublicKey } from '../src/keys/p256.js';
import { openidCallbacks } from '../src/openid/callbacks.js';
import { AuthorizationServer, type ServerFeatures } from './authorization-server.js';
import type { Answer, Asked, City } from './city.js';
import { DOCTYPE, issuePermit, type MdocChanges } from './mdoc.js';
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

export interface Changes {
  issuer?: Entity;
  x5c?: string[];
  holder?: PublicKey;
  /** Further members of the SD-JWT VC. */
  more?: Record<string, unknown>;
  mdoc?: MdocChanges;
  /** Changes what is answered by the credential endpoint. */
  answer?: (answer: Record<string, unknown>) => Record<string, unknown>;
}

export interface IssuerFeatures extends ServerFeatures {
  batch?: number;
  /** Credential requests and responses are encrypted. */
  encryption?: boolean;
  /** Times that the deferred endpoint says that it is not ready. */
  deferrals?: number;
  notification?: boolean;
  /** Metadata is signed, by this entity. */
  signedBy?: Entity;
  /** `proof_types_supported`. */
  proofs?: Record<string, unknown>;
  bindings?: string[];
  /** Credentials refer to a status list with these values by index. */
  statuses?: number[];
}

/** Signs an SD-JWT VC of type residency, every claim selectively disclosable. */
export async function issueResidency(city: City, holder: PublicKey, changes: Changes = {}): Promise<string> {
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
    ...changes.more,
  };
  return instance.issue(
    payload,
    { _sd: Object.keys(RESIDENCY) as (keyof typeof RESIDENCY)[] },
    { header: { x5c: changes.x5c ?? city.pki.x5c } },
  );
}

/** An issuer at `<origin>/identity`, made of the server side of the OpenID4VC libraries and `jose`. */
export class Issuer {
  readonly metadata: IssuerMetadataResult;
  readonly server: AuthorizationServer;
  readonly nonces = new Set<string>();
  /** Holder keys of the credentials that were signed. */
  readonly holders: string[] = [];
  readonly notifications: { notification_id: string; event: string }[] = [];
  /** Credential requests as they were read, decrypted. */
  readonly requests: Record<string, unknown>[] = [];
  changes: Changes = {};
  private readonly issuer: Openid4vciIssuer;
  private readonly deferred = new Map<string, { left: number; credentials: object[] }>();
  private readonly encryption: Promise<{ jwk: JWK; privateKey: CryptoKey }>;
  private indexes = 0;

  private constructor(
    private readonly city: City,
    private readonly features: IssuerFeatures,
    encryption: { jwk: JWK; privateKey: CryptoKey },
  ) {
    this.encryption = Promise.resolve(encryption);
    this.server = new AuthorizationServer(city, features);
    this.server.codes.set('code-1', TX_CODE);
    const callbacks = {
      ...openidCallbacks({ fetch: () => Promise.reject(new Error('the issuer calls nobody')) }),
      verifyJwt: async (
        signer: { method: string; publicJwk?: unknown; didUrl?: string },
        jwt: { compact: string },
      ) => {
        const attested = signer.method === 'x5c' ? publicKeyOf(city.pki.walletProvider.key) : undefined;
        const key = (signer.publicJwk ?? attested ?? didKey(signer.didUrl)) as PublicKey & {
          [member: string]: string;
        };
        const [header, payload, signature] = jwt.compact.split('.');
        const verified = await verifyText(key, `${header}.${payload}`, signature!);
        return verified ? { verified, signerJwk: key } : { verified };
      },
    } as unknown as ReturnType<typeof openidCallbacks>;
    this.issuer = new Openid4vciIssuer({ callbacks });
    const at = `${city.origin}/identity`;
    const common = {
      cryptographic_binding_methods_supported: features.bindings ?? ['jwk'],
      proof_types_supported: features.proofs ?? { jwt: { proof_signing_alg_values_supported: ['ES256'] } },
    };
    const credentialIssuer = this.issuer.createCredentialIssuerMetadata({
      credential_issuer: at,
      authorization_servers: [at],
      ...(features.batch ? { batch_credential_issuance: { batch_size: features.batch } } : {}),
      display: [{ name: '마당시', locale: 'ko' }],
      credential_endpoint: `${at}/credential`,
      nonce_endpoint: `${at}/nonce`,
      deferred_credential_endpoint: `${at}/deferred`,
      ...(features.notification ? { notification_endpoint: `${at}/notification` } : {}),
      ...(features.encryption ? encryptionMetadata(encryption.jwk) : {}),
      credential_configurations_supported: {
        residency: {
          format: 'dc+sd-jwt',
          vct: `${at}/vct/residency`,
          scope: 'residency',
          ...common,
          credential_signing_alg_values_supported: ['ES256'],
          credential_metadata: {
            display: [
              { name: 'Residency', locale: 'en' },
              { name: '거주 증명', locale: 'ko' },
            ],
            claims: [{ path: ['district'], display: [{ name: 'District', locale: 'en' }] }],
          },
        },
        permit: {
          format: 'mso_mdoc',
          doctype: DOCTYPE,
          scope: 'permit',
          ...common,
          credential_signing_alg_values_supported: [-7],
          credential_metadata: { display: [{ name: 'Parking permit', locale: 'en' }] },
        },
      },
    } as never);
    this.metadata = {
      originalDraftVersion: Openid4vciVersion.V1,
      credentialIssuer,
      authorizationServers: [this.server.metadata],
      knownCredentialConfigurations: this.issuer.getKnownCredentialConfigurationsSupported(credentialIssuer),
    } as unknown as IssuerMetadataResult;
    this.serve();
  }

  static async start(city: City, features: IssuerFeatures = {}): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'request-1', use: 'enc', alg: 'ECDH-ES' };
    return new Issuer(city, features, { jwk, privateKey: privateKey as CryptoKey });
  }

  /** An offer by value and by reference, with a pre-authorized code or for a sign-in. */
  async offer(
    ids: string[] = ['residency'],
    kind: 'code' | 'sign-in' = 'code',
  ): Promise<{ byValue: string; byReference: string }> {
    const preAuthorized = {
      'pre-authorized_code': 'code-1',
      tx_code: { input_mode: 'numeric' as const, length: 6 },
    };
    const grants =
      kind === 'code'
        ? { 'urn:ietf:params:oauth:grant-type:pre-authorized_code': preAuthorized }
        : { authorization_code: { issuer_state: 'state-of-the-offer' } };
    const wanted = { credentialConfigurationIds: ids, grants, issuerMetadata: this.metadata };
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

  get statusUri(): string {
    return `${this.city.origin}/identity/status/1`;
  }

  private serve(): void {
    const { city } = this;
    city.on('GET', '/.well-known/openid-credential-issuer/identity', async ({ headers }) => {
      const { signedBy } = this.features;
      if (!signedBy || !String(headers['accept']).includes('application/jwt'))
        return { json: this.metadata.credentialIssuer };
      const x5c = signedBy === city.pki.agency ? city.pki.x5c : [signedBy.der];
      const jwt = await new SignJWT({ ...this.metadata.credentialIssuer } as never)
        .setProtectedHeader({ alg: 'ES256', typ: 'openidvci-issuer-metadata+jwt', x5c })
        .setSubject(this.metadata.credentialIssuer.credential_issuer)
        .setIssuedAt()
        .sign(signedBy.keys.privateKey);
      return { headers: { 'content-type': 'application/jwt' }, text: jwt };
    });
    city.on('POST', '/identity/nonce', () => {
      const nonce = randomBytes(16).toString('base64url');
      this.nonces.add(nonce);
      return {
        json: this.issuer.createNonceResponse({ cNonce: nonce }),
        headers: { 'cache-control': 'no-store' },
      };
    });
    city.on('POST', '/identity/credential', async (asked) => {
      const refused = await this.server.refusal(asked);
      if (refused) return refused;
      const request = await this.read(asked);
      this.requests.push(request);
      const answer = await this.issue(request);
      return 'error' in answer ? { status: 400, json: answer } : this.answered(answer, request);
    });
    city.on('POST', '/identity/deferred', async (asked) => {
      const refused = await this.server.refusal(asked);
      if (refused) return refused;
      const request = await this.read(asked);
      const transaction_id = String(request['transaction_id']);
      const found = this.deferred.get(transaction_id);
      if (!found) return { status: 400, json: { error: 'invalid_transaction_id' } };
      if (found.left-- > 0) return this.answered({ transaction_id, interval: 1 }, request);
      this.deferred.delete(transaction_id);
      return this.answered({ credentials: found.credentials, notification_id: 'n-deferred' }, request);
    });
    city.on('POST', '/identity/notification', async (asked) => {
      const refused = await this.server.refusal(asked);
      if (refused) return refused;
      this.notifications.push(JSON.parse(asked.body));
      return { status: 204 };
    });
    city.on('GET', '/identity/status/1', () => this.statusList());
  }

  private async read(asked: Asked): Promise<Record<string, unknown>> {
    if (!this.features.encryption) return JSON.parse(asked.body);
    if (asked.headers['content-type'] !== 'application/jwt') throw new Error('the request is not encrypted');
    const { plaintext, protectedHeader } = await compactDecrypt(
      asked.body,
      (await this.encryption).privateKey,
    );
    if (protectedHeader.kid !== 'request-1') throw new Error('the request does not name its key');
    return JSON.parse(Buffer.from(plaintext).toString());
  }

  private async answered(
    content: Record<string, unknown>,
    request: Record<string, unknown>,
  ): Promise<Answer> {
    const answer = this.changes.answer?.(content) ?? content;
    const status = answer['transaction_id'] ? 202 : 200;
    const wanted = request['credential_response_encryption'] as { jwk: JWK; enc: string } | undefined;
    if (!wanted) return { status, json: answer };
    const jwe = await new CompactEncrypt(Buffer.from(JSON.stringify(answer)))
      .setProtectedHeader({ alg: wanted.jwk.alg!, enc: wanted.enc, kid: wanted.jwk.kid! })
      .encrypt(await importJWK(wanted.jwk, wanted.jwk.alg));
    return { status, headers: { 'content-type': 'application/jwt' }, text: jwe };
  }

  private async issue(request: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { credential_response_encryption: _encryption, credential_identifier, ...rest } = request;
    const identifiers = Object.entries(this.features.identifiers ?? {});
    const configuration = credential_identifier
      ? identifiers.find(([, ids]) => ids.includes(String(credential_identifier)))?.[0]
      : rest['credential_configuration_id'];
    if (!configuration || (identifiers.length > 0 && !credential_identifier))
      return { error: 'unknown_credential_identifier' };
    const parsed = this.issuer.parseCredentialRequest({
      credentialRequest: { ...rest, credential_configuration_id: configuration } as never,
      issuerMetadata: this.metadata,
    });
    const keys = await this.proven(parsed.proofs ?? {});
    if (keys === 'nonce') return { error: 'invalid_nonce' };
    if (keys.length === 0 || keys.length > (this.features.batch ?? 1)) return { error: 'invalid_proof' };
    const credentials: object[] = [];
    for (const key of keys) credentials.push({ credential: await this.signed(String(configuration), key) });
    if (this.features.deferrals === undefined)
      return {
        credentials,
        ...(this.features.notification ? { notification_id: `n-${this.holders.length}` } : {}),
      };
    const transaction_id = randomBytes(8).toString('base64url');
    this.deferred.set(transaction_id, { left: this.features.deferrals, credentials });
    return { transaction_id, interval: 1 };
  }

  private async signed(configuration: string, key: PublicKey): Promise<string> {
    this.holders.push(
      createHash('sha256')
        .update(key.x + key.y)
        .digest('hex'),
    );
    const holder = this.changes.holder ?? key;
    const status = { uri: this.statusUri, idx: this.indexes++ };
    const listed = this.features.statuses !== undefined;
    if (configuration === 'permit')
      return issuePermit(this.city, holder, { ...(listed ? { status } : {}), ...this.changes.mdoc });
    const more = { ...(listed ? { status: { status_list: status } } : {}), ...this.changes.more };
    return issueResidency(this.city, holder, { ...this.changes, more });
  }

  /** The keys that the proofs prove, or `nonce` when one of them has not a nonce of ours. */
  private async proven(proofs: { jwt?: string[]; attestation?: string[] }): Promise<PublicKey[] | 'nonce'> {
    const seen = new Set<string>();
    const keys: PublicKey[] = [];
    for (const jwt of proofs.jwt ?? []) {
      const nonce = String(claimsOf(jwt)['nonce']);
      seen.add(nonce);
      const { signer, header } = await this.issuer.verifyCredentialRequestJwtProof({
        jwt,
        issuerMetadata: this.metadata,
        expectedNonce: nonce,
      });
      const key = signer.publicJwk as unknown as PublicKey;
      if (
        header.key_attestation &&
        !(await this.attestedKeys(header.key_attestation, nonce)).some((each) => each.x === key.x)
      )
        throw new Error('the key is not attested');
      keys.push(key);
    }
    for (const jwt of proofs.attestation ?? []) {
      const nonce = String(claimsOf(jwt)['nonce']);
      seen.add(nonce);
      keys.push(...(await this.attestedKeys(jwt, nonce)));
    }
    for (const nonce of seen) if (!this.nonces.delete(nonce)) return 'nonce';
    return keys;
  }

  private async attestedKeys(jwt: string, nonce: string): Promise<PublicKey[]> {
    const { certificate, der } = this.city.pki.walletProvider;
    const { payload, protectedHeader } = await jwtVerify(
      jwt,
      await importX509(certificate.toString('pem'), 'ES256'),
      {
        typ: 'key-attestation+jwt',
      },
    );
    if (protectedHeader.x5c?.[0] !== der || payload['nonce'] !== nonce)
      throw new Error('another attestation');
    return payload['attested_keys'] as PublicKey[];
  }

  private async statusList(): Promise<Answer> {
    const list = new StatusList(this.features.statuses ?? [], 2);
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: this.statusUri, iat: now, exp: now + 600, ttl: 0 };
    const { header, payload } = createHeaderAndPayload(list, claims as never, {
      alg: 'ES256',
      typ: 'statuslist+jwt',
    });
    const jwt = await new SignJWT(payload as never)
      .setProtectedHeader({ ...header, x5c: this.city.pki.x5c } as never)
      .sign(this.city.pki.agency.keys.privateKey);
    return { headers: { 'content-type': 'application/statuslist+jwt' }, text: jwt };
  }
}

function encryptionMetadata(jwk: JWK): Record<string, unknown> {
  return {
    credential_request_encryption: {
      jwks: { keys: [jwk] },
      enc_values_supported: ['A128GCM', 'A256GCM'],
      encryption_required: true,
    },
    credential_response_encryption: {
      alg_values_supported: ['ECDH-ES'],
      enc_values_supported: ['A128GCM'],
      encryption_required: true,
    },
  };
}

/** The key of a did:jwk or did:key URL, read independently of how the wallet writes it. */
function didKey(didUrl = ''): unknown {
  const id = didUrl.split('#')[0]!.slice('did:jwk:'.length);
  if (didUrl.startsWith('did:jwk:')) return JSON.parse(Buffer.from(id, 'base64url').toString());
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  const number = [...id.slice(1)].reduce((sum, each) => sum * 58n + BigInt(alphabet.indexOf(each)), 0n);
  const bytes = Buffer.from(number.toString(16), 'hex');
  if (bytes.length !== 35 || bytes[0] !== 0x80 || bytes[1] !== 0x24)
    throw new Error('not a did:key of P-256');
  const spki = Buffer.concat([
    Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
    bytes.subarray(2),
  ]);
  return createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ format: 'jwk' });
}

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString());
}
