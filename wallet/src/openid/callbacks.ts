import {
  HashAlgorithm,
  type CallbackContext,
  type ClientAuthenticationCallback,
  type Jwk,
  type JwtSigner,
  type JwtSignerJwk,
} from '@openid4vc/oauth2';
import { CompactEncrypt, importJWK } from 'jose';
import { concat, randomBytes, utf8 } from '../bytes.js';
import {
  publicKeyOf,
  signJwt,
  thumbprintOf,
  verifyText,
  type PrivateKey,
  type PublicKey,
} from '../keys/p256.js';
import { refuse } from '../problem.js';
import { didJwkOf, didKeyOf } from '../trust/did.js';
import type { Fetch } from '../http/retry.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';

/** The client that the wallet is to the city's authorization servers. */
export const CLIENT_ID = 'madang-wallet';

const HASHES: Record<HashAlgorithm, string> = {
  [HashAlgorithm.Sha256]: 'SHA-256',
  [HashAlgorithm.Sha384]: 'SHA-384',
  [HashAlgorithm.Sha512]: 'SHA-512',
};

/** What a private key looks like to the OpenID libraries. */
export function jwtSignerOf(key: PrivateKey): JwtSignerJwk {
  return { method: 'jwk', alg: 'ES256', publicJwk: publicKeyOf(key) };
}

/**
 * What the OpenID4VC libraries need from the wallet.
 *
 * @param keys the private keys that may sign in this exchange
 * @param anchors whom a signed request or signed metadata must come from; only `x5c` is believed
 */
export function openidCallbacks(options: {
  fetch: Fetch;
  keys?: PrivateKey[];
  anchors?: TrustAnchors;
  clientAuthentication?: ClientAuthenticationCallback;
}): CallbackContext {
  return {
    fetch: ((input: string | URL, init?: RequestInit) => options.fetch(String(input), init)) as typeof fetch,
    hash: async (data, algorithm) =>
      new Uint8Array(await crypto.subtle.digest(HASHES[algorithm] ?? 'SHA-256', concat(data))),
    generateRandom: (length) => randomBytes(length),
    signJwt: async (signer, jwt) => {
      const key = await keyFor(signer, options.keys ?? []);
      return { jwt: await signJwt(key, jwt.header, jwt.payload), signerJwk: publicKeyOf(key) as Jwk };
    },
    verifyJwt: async (signer, jwt) => {
      const key = await trustedKey(signer, options.anchors);
      const [header, payload, signature] = jwt.compact.split('.');
      if (jwt.header.alg !== 'ES256' || !(await verifyText(key, `${header}.${payload}`, signature ?? ''))) {
        return { verified: false };
      }
      return { verified: true, signerJwk: key as Jwk };
    },
    encryptJwe: async (encryptor, data) => {
      const { publicJwk, alg, enc, apu, apv } = encryptor;
      const header = {
        alg,
        enc,
        ...(publicJwk.kid ? { kid: publicJwk.kid } : {}),
        ...(apu ? { apu } : {}),
        ...(apv ? { apv } : {}),
      };
      const recipient = await importJWK(publicJwk as Parameters<typeof importJWK>[0], alg);
      return {
        encryptionJwk: publicJwk,
        jwe: await new CompactEncrypt(utf8(data)).setProtectedHeader(header).encrypt(recipient),
      };
    },
    decryptJwe: () => ({ decrypted: false }),
    clientAuthentication: options.clientAuthentication ?? clientAuthentication,
    getX509CertificateMetadata: () => ({ sanDnsNames: [], sanUriNames: [] }),
  };
}

/** A public client says who it is; with a pre-authorized code it stays anonymous where the server allows it. */
const clientAuthentication: ClientAuthenticationCallback = ({ body, authorizationServerMetadata }) => {
  if (!isAnonymous(body['grant_type'], authorizationServerMetadata)) body['client_id'] = CLIENT_ID;
};

export function isAnonymous(grantType: unknown, server: Record<string, unknown>): boolean {
  return (
    grantType === 'urn:ietf:params:oauth:grant-type:pre-authorized_code' &&
    server['pre-authorized_grant_anonymous_access_supported'] === true
  );
}

async function keyFor(signer: JwtSigner, keys: PrivateKey[]): Promise<PrivateKey> {
  if (signer.method === 'jwk') {
    const wanted = await thumbprintOf(signer.publicJwk);
    for (const key of keys) if ((await thumbprintOf(key)) === wanted) return key;
  } else if (signer.method === 'did') {
    for (const key of keys) if ([didJwkOf(key), didKeyOf(key)].includes(signer.didUrl)) return key;
  }
  throw refuse('no-such-key', 'The wallet does not hold the key to sign with');
}

async function trustedKey(signer: JwtSigner, anchors: TrustAnchors | undefined): Promise<PublicKey> {
  if (signer.method !== 'x5c' || !anchors)
    throw refuse('untrusted', 'Not trusted', 'no certificate chain to check');
  return (await anchors.check(signer.x5c)).key;
}
