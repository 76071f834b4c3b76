import type { PublicKey } from '../keys/p256.js';

/**
 * Who vouches for the wallet and for its keys. A phone asks its maker's server; {@link DevelopmentWalletProvider} holds
 * the development provider's own key.
 */
export interface WalletProvider {
  /** OAuth client id that the attestations are for. */
  readonly clientId: string;

  /** Wallet attestation (OpenID4VCI 1.0 appendix E) for one instance key, `oauth-client-attestation+jwt`. */
  attestWallet(instance: PublicKey): Promise<string>;

  /** Key attestation (OpenID4VCI 1.0 appendix D), `key-attestation+jwt`; `nonce` is the issuer's c_nonce. */
  attestKeys(keys: PublicKey[], nonce: string | undefined): Promise<string>;
}
