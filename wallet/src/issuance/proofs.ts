import type { JwtSigner } from '@openid4vc/oauth2';
import type { PrivateKey } from '../keys/p256.js';
import { isAnonymous, jwtSignerOf } from '../openid/callbacks.js';
import { refuse } from '../problem.js';
import { didJwkOf, didKeyOf } from '../trust/did.js';
import type { Exchange } from './exchange.js';
import { PRE_AUTHORIZED, type Configuration } from './issuer.js';

export type ProofType = 'jwt' | 'attestation';

/** What a proven key is given as in the header of its JWT. */
export type Binding = 'jwk' | 'did:jwk' | 'did:key';

/** `proofs` of a credential request, OpenID4VCI 1.0 appendix F. */
export type Proofs = { jwt: string[] } | { attestation: [string] };

/**
 * Proves the keys to the issuer: by a JWT of each key (with a key attestation where the issuer requires one), or by one
 * key attestation of all.
 *
 * @param preferred the type to use where the issuer takes both
 * @param binding what the keys are to be given as where the issuer takes that
 */
export async function proofsOf(
  exchange: Exchange,
  configuration: Configuration,
  keys: PrivateKey[],
  nonce: string | undefined,
  preferred: ProofType,
  binding?: Binding,
): Promise<Proofs> {
  const { proofs } = configuration;
  const provider = exchange.environment.provider;
  const takesJwt = proofs === undefined || proofs['jwt'] !== undefined;
  const takesAttestation = proofs?.['attestation'] !== undefined;
  if (takesAttestation && provider && (preferred === 'attestation' || !takesJwt))
    return { attestation: [await provider.attestKeys(keys, nonce)] };
  if (!takesJwt)
    throw takesAttestation
      ? attestationNeeded()
      : refuse('offer-not-understood', 'The issuer takes no key proof that the wallet can give');
  const attested = proofs?.['jwt']?.key_attestations_required !== undefined;
  if (attested && !provider) throw attestationNeeded();
  const client = exchange.openid(keys);
  const anonymous = isAnonymous(
    exchange.grant.offer?.grants?.[PRE_AUTHORIZED] ? PRE_AUTHORIZED : '',
    exchange.server,
  );
  const jwt: string[] = [];
  for (const key of keys) {
    // Each attestation is of its own key alone, so that an issuer that issues for every attested key issues as many.
    const keyAttestationJwt = attested ? await provider!.attestKeys([key], nonce) : undefined;
    const proof = await client.createCredentialRequestJwtProof({
      issuerMetadata: exchange.issuer,
      credentialConfigurationId: configuration.id,
      signer: signerOf(key, configuration.bindings, binding),
      issuedAt: new Date(),
      ...(nonce === undefined ? {} : { nonce }),
      ...(anonymous && !exchange.grant.instance_key ? {} : { clientId: exchange.client.clientId }),
      ...(keyAttestationJwt ? { keyAttestationJwt } : {}),
    });
    jwt.push(proof.jwt);
  }
  return { jwt };
}

/** The key as a JWK where the issuer takes that, else as a DID; or as is wished where the issuer takes it. */
function signerOf(key: PrivateKey, bindings: string[], wish: Binding | undefined): JwtSigner {
  const takes = (method: string) => bindings.includes(method) || bindings.includes('did');
  if (wish === 'did:jwk' && takes(wish)) return { method: 'did', alg: 'ES256', didUrl: didJwkOf(key) };
  if (wish === 'did:key' && takes(wish)) return { method: 'did', alg: 'ES256', didUrl: didKeyOf(key) };
  if (bindings.length === 0 || bindings.includes('jwk') || bindings.includes('cose_key'))
    return jwtSignerOf(key);
  if (takes('did:jwk')) return { method: 'did', alg: 'ES256', didUrl: didJwkOf(key) };
  if (takes('did:key')) return { method: 'did', alg: 'ES256', didUrl: didKeyOf(key) };
  throw refuse(
    'offer-not-understood',
    'The issuer binds credentials in no way that the wallet knows',
    bindings.join(', '),
  );
}

function attestationNeeded() {
  return refuse(
    'attestation-needed',
    'The issuer wants attested keys',
    'give the wallet provider with --wallet-provider',
  );
}
