import { SignatureAlgorithm, type CoseKey, type MdocContext } from '@owf/mdoc';
import { concat, randomBytes } from '../bytes.js';
import { sign, verify, type PrivateKey, type PublicKey } from '../keys/p256.js';
import { refuse } from '../problem.js';

const unused = (): never => {
  throw refuse('bad-credential', 'The mdoc uses what the wallet does not know');
};

/** What the mdoc library needs of cryptography: ES256 over WebCrypto, and digests. Chains are checked elsewhere. */
export const MDOC_CONTEXT = {
  crypto: {
    random: randomBytes,
    digest: async ({ digestAlgorithm, bytes }: { digestAlgorithm: string; bytes: Uint8Array }) =>
      new Uint8Array(await crypto.subtle.digest(digestAlgorithm, concat(bytes))),
    calculateEphemeralMacKey: unused,
  },
  cose: {
    sign1: {
      sign: ({ toBeSigned, key }: { toBeSigned: Uint8Array; key: CoseKey }) =>
        sign(key.jwk as unknown as PrivateKey, toBeSigned),
      verify: async ({ sign1, key }) =>
        sign1.protectedHeaders.headers?.get(1) === SignatureAlgorithm.ES256 &&
        verify(key.jwk as unknown as PublicKey, sign1.toBeSigned, sign1.signature),
    },
    mac0: { sign: unused, verify: unused },
  },
} satisfies Pick<MdocContext, 'crypto' | 'cose'>;
