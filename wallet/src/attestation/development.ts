import { fromBase64 } from '../bytes.js';
import { publicKeyOf, signJwt, type PrivateKey, type PublicKey } from '../keys/p256.js';
import { refuse } from '../problem.js';
import { chainIn } from '../trust/certificate-chain.js';
import type { WalletProvider } from './wallet-provider.js';

/** Life of an attestation: long enough for one issuance, short enough not to need a status. */
const LIFE_SECONDS = 900;

/** Attests whatever it is asked to, with the key of the development wallet provider. Nothing is really attested. */
export class DevelopmentWalletProvider implements WalletProvider {
  private constructor(
    readonly clientId: string,
    private readonly key: PrivateKey,
    private readonly x5c: string[],
  ) {}

  /**
   * @param keyPem PKCS#8 PEM of a P-256 key
   * @param chainPem PEM of its certificate and the authorities above it, without the root
   */
  static async fromPem(
    keyPem: string,
    chainPem: string,
    clientId: string,
  ): Promise<DevelopmentWalletProvider> {
    try {
      const der = fromBase64(keyPem.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, ''));
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
      const key = await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
      const { x, y, d } = await crypto.subtle.exportKey('jwk', key);
      return new DevelopmentWalletProvider(
        clientId,
        { kty: 'EC', crv: 'P-256', x: x!, y: y!, d: d! },
        chainIn(chainPem),
      );
    } catch (error) {
      throw refuse(
        'bad-wallet-provider',
        "The wallet provider's key or chain cannot be read",
        undefined,
        error,
      );
    }
  }

  async attestWallet(instance: PublicKey): Promise<string> {
    return this.sign('oauth-client-attestation+jwt', {
      sub: this.clientId,
      cnf: { jwk: publicKeyOf(instance) },
      wallet_name: 'Madang wallet',
    });
  }

  async attestKeys(keys: PublicKey[], nonce: string | undefined): Promise<string> {
    return this.sign('key-attestation+jwt', {
      attested_keys: keys.map(publicKeyOf),
      key_storage: ['iso_18045_high'],
      user_authentication: ['iso_18045_high'],
      ...(nonce === undefined ? {} : { nonce }),
    });
  }

  private sign(typ: string, claims: object): Promise<string> {
    const iat = Math.floor(Date.now() / 1000);
    const payload = { iss: this.clientId, iat, exp: iat + LIFE_SECONDS, ...claims };
    return signJwt(this.key, { typ, x5c: this.x5c }, payload);
  }
}
