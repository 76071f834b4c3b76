import {
  parseOpenid4vpAuthorizationRequest,
  validateOpenid4vpAuthorizationRequestPayload,
  type Openid4vpAuthorizationRequest,
} from '@openid4vc/openid4vp';
import { DcqlQuery } from 'dcql';
import type { JWK } from 'jose';
import { base64url, fromBase64, randomBytes } from '../bytes.js';
import { foreign, isUnder } from '../http/origin.js';
import type { RepeatingFetch } from '../http/retry.js';
import { thumbprintOf } from '../keys/p256.js';
import { openidProblem } from '../openid/problems.js';
import { reasonOf } from '../problem.js';
import type { TrustAnchors } from '../trust/certificate-chain.js';
import { ENCRYPTION_ALG, ENCRYPTION_ENCS } from './capabilities.js';
import { fetchRequestObject } from './request-object.js';
import { transactionDataIn, type TransactionData } from './transaction-data.js';
import { badRequest, verifyRequestObject, type Verifier } from './verifier.js';

/** Audience of a request to a wallet found without discovery, OpenID4VP 1.0 section 5.8. */
const SELF_ISSUED = 'https://self-issued.me/v2';
const CLOCK_SKEW_SECONDS = 60;
export interface CheckedRequest {
  /** Whole client identifier, prefix included. */
  clientId: string;
  verifier: Verifier;
  /** What the verifier calls itself. */
  verifierName: string;
  nonce: string;
  state: string | undefined;
  responseUri: string;
  /** The verifier's key, when the answer is to be encrypted to it. */
  encryption: { jwk: JWK; thumbprint: Uint8Array } | undefined;
  query: DcqlQuery;
  transactionData: TransactionData[];
  /** The request object's content, as the library wants it back for the response. */
  payload: Openid4vpAuthorizationRequest;
}

/**
 * Fetches and checks an OpenID4VP 1.0 request under the HAIP 1.0 profile: by reference, signed by whom its client id stands
 * for, DCQL, an answer by `direct_post.jwt` or `direct_post` to an address that the wallet talks to.
 */
export async function resolveRequest(
  uri: string,
  options: { origins: readonly string[]; fetch: RepeatingFetch; anchors: TrustAnchors },
): Promise<CheckedRequest> {
  const { origins } = options;
  try {
    const outer = parse(uri);
    if (!isUnder(origins, outer.requestUri))
      throw foreign('The request is of another city', outer.requestUri);
    const walletNonce = outer.method === 'post' ? base64url(randomBytes(16)) : undefined;
    const jwt = await fetchRequestObject(options.fetch, outer.requestUri, walletNonce);
    const { payload: claims, verifier } = await verifyRequestObject(jwt, outer.clientId, options);
    checkTimes(claims);
    const parsed = parseOpenid4vpAuthorizationRequest({ authorizationRequest: claims });
    if (parsed.type !== 'openid4vp') throw badRequest('it refers to another request');
    const payload = parsed.params as Openid4vpAuthorizationRequest;
    validateOpenid4vpAuthorizationRequestPayload({
      params: payload,
      ...(walletNonce ? { walletVerificationOptions: { expectedNonce: walletNonce } } : {}),
    });
    if (payload.response_uri === undefined || payload.redirect_uri !== undefined)
      throw badRequest(`response_mode ${String(payload.response_mode)}`);
    if (!isUnder(origins, payload.response_uri))
      throw foreign('The answer would go elsewhere', payload.response_uri);
    const query = queryIn(payload.dcql_query);
    return {
      clientId: outer.clientId,
      verifier,
      verifierName: payload.client_metadata?.client_name ?? verifier.name,
      nonce: payload.nonce,
      state: payload.state,
      responseUri: payload.response_uri,
      encryption: payload.response_mode === 'direct_post.jwt' ? await encryptionIn(payload) : undefined,
      query,
      transactionData: transactionDataIn(
        payload.transaction_data,
        query.credentials.map(({ id }) => id),
      ),
      payload,
    };
  } catch (error) {
    throw await openidProblem(error, 'bad-request-object', 'The request is not one to answer');
  }
}

function parse(uri: string): { requestUri: string; method: string; clientId: string } {
  const { type, params } = parseOpenid4vpAuthorizationRequest({ authorizationRequest: uri });
  const { request_uri, request_uri_method = 'get', client_id } = params as Record<string, unknown>;
  if (type !== 'jar' || typeof request_uri !== 'string') throw badRequest('it is not given by reference');
  if (typeof client_id !== 'string') throw badRequest('it does not say who asks');
  if (request_uri_method !== 'get' && request_uri_method !== 'post')
    throw badRequest(`request_uri_method ${String(request_uri_method)}`);
  return { requestUri: request_uri, method: request_uri_method, clientId: client_id };
}

function checkTimes({ aud, exp, nbf, iat }: Record<string, unknown>): void {
  const now = Date.now() / 1000;
  if (aud !== SELF_ISSUED) throw badRequest(`aud ${String(aud)}`);
  if (exp !== undefined && !(Number(exp) > now - CLOCK_SKEW_SECONDS / 2))
    throw badRequest('it is past its time');
  for (const start of [nbf, iat])
    if (start !== undefined && !(Number(start) < now + CLOCK_SKEW_SECONDS))
      throw badRequest('it is from the future');
}

/** Section 8.3: the first of the verifier's keys that the wallet can encrypt to. */
async function encryptionIn(payload: Openid4vpAuthorizationRequest): Promise<CheckedRequest['encryption']> {
  const { jwks, encrypted_response_enc_values_supported: encs = ['A128GCM'] } = payload.client_metadata ?? {};
  const keys = (jwks?.keys ?? []) as JWK[];
  const jwk = keys.find(
    ({ kty, crv, use, alg }) => kty === 'EC' && crv === 'P-256' && use !== 'sig' && alg === ENCRYPTION_ALG,
  );
  if (!jwk || !ENCRYPTION_ENCS.some((enc) => encs.includes(enc)))
    throw badRequest('it names no key to encrypt the answer to');
  return { jwk, thumbprint: fromBase64(await thumbprintOf(jwk)) };
}

function queryIn(query: unknown): DcqlQuery {
  if (query === undefined) throw badRequest('it asks for nothing');
  try {
    const parsed = DcqlQuery.parse(query as DcqlQuery.Input);
    DcqlQuery.validate(parsed);
    return parsed;
  } catch (error) {
    throw badRequest(`its query is not DCQL: ${reasonOf(error)}`);
  }
}
