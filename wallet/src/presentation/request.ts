import { Openid4vpClient, type Openid4vpAuthorizationRequest } from '@openid4vc/openid4vp';
import { DcqlQuery } from 'dcql';
import { base64url, randomBytes } from '../bytes.js';
import { isUnder } from '../http/origin.js';
import type { RepeatingFetch } from '../http/retry.js';
import { openidCallbacks } from '../openid/callbacks.js';
import { openidProblem } from '../openid/problems.js';
import { reasonOf, refuse } from '../problem.js';
import type { TrustAnchors, TrustedLeaf } from '../trust/certificate-chain.js';
import { FORMAT } from '../issuance/sd-jwt-vc.js';

/** Audience of a request to a wallet found without discovery, OpenID4VP 1.0 section 5.8. */
const SELF_ISSUED = 'https://self-issued.me/v2';
const REQUEST_OBJECT_LENGTH_MAX = 256 * 1024;
const REQUEST_TYPE = 'application/oauth-authz-req+jwt';

/** Sent with a request by POST, section 5.10: what the wallet can do. */
const WALLET_METADATA = {
  vp_formats_supported: { [FORMAT]: { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
  client_id_prefixes_supported: ['x509_hash'],
  request_object_signing_alg_values_supported: ['ES256'],
  response_types_supported: ['vp_token'],
  response_modes_supported: ['direct_post.jwt'],
};

export interface CheckedRequest {
  /** Whole client identifier, `x509_hash:` included. */
  clientId: string;
  verifier: TrustedLeaf;
  /** What the verifier calls itself. */
  verifierName: string;
  nonce: string;
  responseUri: string;
  query: DcqlQuery;
  /** The request object's content, as the library wants it back for the response. */
  payload: Openid4vpAuthorizationRequest;
}

/**
 * Fetches and checks an OpenID4VP 1.0 request under the HAIP 1.0 profile: by reference, signed, `x509_hash:` client id,
 * certificate chain under an anchor, encrypted `direct_post.jwt` to the city's own origin, DCQL.
 */
export async function resolveRequest(
  uri: string,
  options: { origin: string; fetch: RepeatingFetch; anchors: TrustAnchors },
): Promise<CheckedRequest> {
  const { origin, anchors } = options;
  try {
    const outer = parse(uri);
    if (!isUnder(origin, outer.requestUri))
      throw refuse('foreign-address', 'The request is of another city', outer.requestUri);
    const walletNonce = outer.method === 'post' ? base64url(randomBytes(16)) : undefined;
    const client = new Openid4vpClient({
      callbacks: openidCallbacks({
        fetch: requestFetch(options.fetch, outer.requestUri, walletNonce),
        anchors,
      }),
    });
    const resolved = await client.resolveOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: outer.params,
      ...(walletNonce ? { wallet: { expectedNonce: walletNonce } } : {}),
    });
    const { jar, client: named, authorizationRequestPayload: payload } = resolved;
    if (!jar || jar.signer.method !== 'x5c' || named.prefix !== 'x509_hash') {
      throw invalid('it is not signed by a certificate that its client id names');
    }
    if (!('response_uri' in payload) || payload.response_mode !== 'direct_post.jwt') {
      throw invalid(`response_mode ${String(payload.response_mode)}`);
    }
    const responseUri = String(payload.response_uri);
    if (!isUnder(origin, responseUri))
      throw refuse('foreign-address', 'The answer would go elsewhere', responseUri);
    if (jar.jwt.payload.aud !== SELF_ISSUED) throw invalid(`aud ${String(jar.jwt.payload.aud)}`);
    if (payload.transaction_data) throw invalid('the wallet does not know its transaction data');
    checkEncryption(payload.client_metadata);
    const verifier = await anchors.check(jar.signer.x5c);
    return {
      clientId: named.effective,
      verifier,
      verifierName: payload.client_metadata?.client_name ?? verifier.name,
      nonce: payload.nonce,
      responseUri,
      query: queryIn(resolved.dcql?.query),
      payload: payload as Openid4vpAuthorizationRequest,
    };
  } catch (error) {
    throw await openidProblem(error, 'bad-request-object', 'The request is not one to answer');
  }
}

function parse(uri: string): { requestUri: string; method: string; params: Record<string, unknown> } {
  const client = new Openid4vpClient({
    callbacks: openidCallbacks({ fetch: () => Promise.reject(new Error('offline')) }),
  });
  const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: uri });
  const params = parsed.params as Record<string, unknown>;
  if (parsed.type !== 'jar' || typeof params['request_uri'] !== 'string')
    throw invalid('it is not given by reference');
  return { requestUri: params['request_uri'], method: String(params['request_uri_method'] ?? 'get'), params };
}

/** Sends `wallet_metadata` and `wallet_nonce` as section 5.10 writes them, which the library leaves to the wallet. */
function requestFetch(fetch: RepeatingFetch, requestUri: string, walletNonce: string | undefined) {
  return async (url: string, init: RequestInit = {}): Promise<Response> => {
    const sent = { ...init };
    if (walletNonce && url === requestUri) {
      sent.method = 'POST';
      sent.headers = { accept: REQUEST_TYPE, 'content-type': 'application/x-www-form-urlencoded' };
      const form = { wallet_metadata: JSON.stringify(WALLET_METADATA), wallet_nonce: walletNonce };
      sent.body = new URLSearchParams(form).toString();
    }
    const response = await fetch(url, sent, 'always');
    if (Number(response.headers.get('content-length')) > REQUEST_OBJECT_LENGTH_MAX)
      throw invalid('it is too long');
    return response;
  };
}

function checkEncryption(metadata: { jwks?: { keys: object[] } | undefined } | undefined): void {
  if (!metadata?.jwks || metadata.jwks.keys.length === 0)
    throw invalid('it names no key to encrypt the answer to');
}

function queryIn(query: unknown): DcqlQuery {
  if (query === undefined) throw invalid('it asks for nothing');
  try {
    const parsed = DcqlQuery.parse(query as DcqlQuery.Input);
    DcqlQuery.validate(parsed);
    return parsed;
  } catch (error) {
    throw invalid(`its query is not DCQL: ${reasonOf(error)}`);
  }
}

function invalid(reason: string) {
  return refuse('bad-request-object', 'The request is not one to answer', reason);
}
